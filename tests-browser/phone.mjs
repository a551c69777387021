// A person with a phone: Debian's Chromium, 390 px wide, tapped. Each step is a browser of its own, as people close theirs.
//
//     node tests-browser/phone.mjs STEP '{"base": "http://…", …}'
//
// prints what the person saw, as JSON. It is the hands of crates/muster/tests/it/peers, which judge what was seen.

import { chromium } from 'playwright-core';
import * as checks from './checks.mjs';
import { FLAGS, VIEWS } from './walk.mjs';

/** How long a page may take, on a busy machine. */
const WITHIN_MS = 20_000;

const heading = (page) => page.locator('h1').first().innerText();
const text = (page, selector) => page.locator(selector).first().innerText();

const STEPS = {
  /** Opens the link of a mail, takes it, reads on and writes, without any password. */
  async take(page, { link, said }) {
    await page.goto(link);
    const asked = await text(page, 'main');
    await page.getByRole('button', { name: 'I take it' }).tap();
    await page.getByText('What now').waitFor();
    const taken = await heading(page);
    await page.getByLabel('Add to the log').fill(said);
    await page.getByRole('button', { name: 'Add to the log' }).tap();
    await page.locator('.log').getByText(said).waitFor();
    return { asked, taken, then: await text(page, '.log') };
  },

  /** Chooses a password by an administrator's link, and writes into the log. */
  async write(page, { link, password, incident, note }) {
    await page.goto(link);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('The same again').fill(password);
    await page.getByRole('button', { name: 'Set the password' }).tap();
    await page.waitForURL(/\/now/);
    await page.goto(incident);
    await page.getByLabel('Add to the log').fill(note);
    await page.getByRole('button', { name: 'Add', exact: true }).tap();
    await page.locator('.log').getByText(note).waitFor();
    return { bar: await text(page, '.incbar') };
  },

  /** Signs in, says that service is back, and takes the form home. */
  async restore(page, { incident, name, password, resolution, cause, json, pdf }) {
    await page.goto(incident);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).tap();
    await page.getByRole('link', { name: 'Restore service' }).first().tap();
    const dialog = page.getByRole('dialog');
    const proposed = await text(page, '#dlg-restore .notice');
    await dialog.getByLabel('What brought service back?').fill(resolution);
    await dialog.getByLabel('Cause, if known').fill(cause);
    await dialog.getByRole('button', { name: 'Restore service' }).tap();
    await page.locator('.log').getByText(resolution).waitFor();
    const bar = await text(page, '.incbar');
    await page.getByRole('link', { name: 'Open the incident form' }).tap();
    await page.waitForURL(/\/form$/);
    const form = await text(page, 'body');
    const files = [await download(page, 'JSON', json)];
    if (pdf) files.push(await download(page, 'Download PDF', pdf));
    return { proposed, bar, form, files };
  },
};

async function download(page, link, to) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).tap()]);
  await file.saveAs(to);
  return file.suggestedFilename();
}

const [step, told] = process.argv.slice(2);
if (!STEPS[step] || !told) {
  console.error(`usage: phone.mjs ${Object.keys(STEPS).join('|')} JSON`);
  process.exit(2);
}
const given = JSON.parse(told);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  const { name, ...device } = VIEWS.find((view) => view.name === 'phone');
  const page = await (await browser.newContext(device)).newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const seen = checks.watch(page, given.base);
  const saw = await STEPS[step](page, given);
  const wide = await checks.sidewaysScroll(page, device.viewport.width);
  console.log(JSON.stringify({ ...saw, wrong: [...seen.errors, ...seen.foreign, ...wide] }));
} finally {
  await browser.close();
}
