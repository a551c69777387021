// Nothing typed is lost when the connection is: Debian's Chromium goes offline, types, sends, reloads, and finds the text.
//
//     node tests-browser/drafts.mjs --base http://127.0.0.1:8080 --signin LINK --incident /incidents/2026-001

import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { FLAGS, session } from './walk.mjs';

const { values } = parseArgs({ options: { base: { type: 'string' }, signin: { type: 'string' }, incident: { type: 'string' } } });
const { base, signin, incident } = values;
if (!base || !signin || !incident) {
  console.error('usage: drafts.mjs --base URL --signin LINK --incident PATH');
  process.exit(2);
}
const NOTE = 'The array answers again, said the engineer on site';
const WHY = 'Both controllers were restarted';
const drafts = (page) => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('muster-draft:')));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  const context = await browser.newContext({ storageState: await session(browser, base, signin) });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const composer = page.getByLabel('Add to the log');
  const note = page.locator('form.composer [data-restored]');
  await page.goto(base + incident);

  await context.setOffline(true);
  await composer.fill(NOTE);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.locator('[data-toast]').getByText('Offline.').waitFor();
  assert.equal(await composer.inputValue(), NOTE, 'a send that fails leaves the text');

  await context.setOffline(false);
  await page.reload();
  assert.equal(await composer.inputValue(), NOTE, 'the text is there after a reload');
  assert.match(await note.innerText(), /Restored from this device/);

  // Another form of the same page keeps its own.
  await page.getByRole('link', { name: 'Restore service' }).first().click();
  await page.getByRole('dialog').getByLabel('What brought service back?').fill(WHY);
  await page.reload();
  await page.getByRole('link', { name: 'Restore service' }).first().click();
  assert.equal(await page.getByRole('dialog').getByLabel('What brought service back?').inputValue(), WHY);
  assert.equal((await drafts(page)).length, 2);
  await page.getByRole('dialog').getByRole('button', { name: 'Throw it away' }).click();
  await page.keyboard.press('Escape');
  assert.equal((await drafts(page)).length, 1, 'thrown away');

  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.locator('.log').getByText(NOTE).waitFor();
  assert.deepEqual(await drafts(page), [], 'stored by the server, so kept here no longer');
  await page.reload();
  assert.equal(await composer.inputValue(), '');
  assert.equal(await note.count(), 0);

  // The answer is lost on its way: the text stays, and the note says that it was sent.
  await composer.fill('Sent into the void');
  await page.route(/\/note$/, (route) => route.abort());
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.waitForURL((url) => url.protocol === 'chrome-error:');
  await page.unroute(/\/note$/);
  await page.goto(base + incident);
  assert.equal(await composer.inputValue(), 'Sent into the void');
  assert.match(await note.innerText(), /It was sent, but no answer came/);
  await note.getByRole('button').click();

  // A form that came back keeps what it holds while the page updates itself, and can be sent again.
  await page.goto(`${base}${incident}/plan`);
  const task = page.locator('form[action$="/plan/task"]');
  await task.evaluate((form) => form.closest('details')?.setAttribute('open', ''));
  await task.locator('[name=what]').fill('Look at the spooler');
  await task.locator('[name=minutes]').fill('soon');
  await task.evaluate((form) => form.requestSubmit());
  await page.locator('[data-problems]').first().waitFor();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await page.waitForTimeout(1500);
  assert.equal(await page.locator('html[data-offline]').count(), 0, await page.locator('[data-status]').textContent());
  assert.equal(await task.locator('[name=what]').inputValue(), 'Look at the spooler', 'the form that came back is still there');
  await task.locator('[name=minutes]').fill('20');
  await task.evaluate((form) => form.requestSubmit());
  await page.locator('#tasks').getByText('Look at the spooler').first().waitFor();

  await page.goto(`${base}/profile`);
  for (const field of await page.locator('input[type=password]').all()) await field.fill('a secret');
  assert.deepEqual(await drafts(page), [], 'a password is never kept');
  const all = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!all.includes('a secret'));
  console.log('drafts: nothing typed was lost');
} finally {
  await browser.close();
}
