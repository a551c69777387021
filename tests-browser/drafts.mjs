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
/** A page that was just led to forgets what is stored a little later. */
const forgotten = (page) => page.waitForFunction(() => !Object.keys(localStorage).some((name) => /^muster-draft:/.test(name)));

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
  await forgotten(page); // stored by the server, so kept here no longer
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
  await forgotten(page);

  // What is chosen is kept as what is typed is, even if nothing is typed beside it.
  await page.goto(`${base}${incident}/triage`);
  const triage = page.locator('form[action$="/triage"]');
  const hidden = ['act', 'seen', 'anyway'];
  const chosen = async (form) => (await form.evaluate((f) => [...new FormData(f)])).filter(([name]) => !hidden.includes(name));
  await context.setOffline(true);
  await triage.getByLabel('A building or site').check();
  await triage.getByLabel('Degraded').check();
  await triage.getByLabel('Low: it can wait').check();
  await triage.getByText('Choose the severity yourself').click();
  await triage.locator('[name=severity][value="3"]').check();
  const triaged = await chosen(triage);
  await triage.getByRole('button', { name: 'Save the triage' }).click();
  await page.locator('[data-toast]').getByText('Offline.').waitFor();
  await context.setOffline(false);
  await page.reload();
  assert.deepEqual(await chosen(triage), triaged, 'the choices are there after a reload');
  assert.ok(triaged.some(([name, value]) => name === 'extent' && value === 'site'));
  assert.match(await triage.locator('[data-restored]').innerText(), /It is not stored yet/);
  assert.ok(await triage.locator('[name=reason]').isVisible(), 'what was restored is unfolded');
  // Asking the policy shows the choices in another page, which stores none.
  await triage.getByRole('button', { name: 'What does the policy say?' }).click();
  await page.waitForURL((url) => url.searchParams.get('extent') === 'site');
  await triage.locator('[name=reason]').fill('It is one building');
  await page.goto(`${base}${incident}/triage`);
  triaged.find(([name]) => name === 'reason')[1] = 'It is one building';
  assert.deepEqual(await chosen(triage), triaged);
  assert.equal(await triage.locator('[data-kept]').count(), 0);
  await triage.getByRole('button', { name: 'Save the triage' }).click();
  await page.waitForURL((url) => url.pathname === incident);
  await forgotten(page);

  // While one types, declaring looks for the same: what comes of it is one draft.
  await page.goto(`${base}/declare`);
  const declare = page.locator('form[action="/declare"]');
  await declare.getByLabel('Only those who take part').check();
  assert.equal((await drafts(page)).length, 1, 'a choice alone is a draft');
  await declare.getByLabel('Who told us?').selectOption('called');
  await declare.locator('[name=title]').fill('Nobody can print');
  await page.locator('[data-live=same] [name=anyway]').waitFor({ state: 'attached' });
  await declare.locator('[name=title]').fill('Nobody can print in the annexe');
  await context.setOffline(true);
  const declared = await chosen(declare);
  await declare.getByRole('button', { name: 'Declare incident' }).click();
  await page.locator('[data-toast]').getByText('Offline.').waitFor();
  await context.setOffline(false);
  await page.reload();
  assert.deepEqual(await chosen(declare), declared);
  const mine = { told: 'called', restricted: '1', title: 'Nobody can print in the annexe' };
  assert.deepEqual({ ...Object.fromEntries(declared), ...mine }, Object.fromEntries(declared));
  await declare.getByRole('button', { name: 'Throw it away' }).click();
  assert.deepEqual(await drafts(page), []);
  assert.equal(await declare.getByLabel('Who told us?').inputValue(), 'saw-it');

  // Somebody else changes what one is typing over: both are there, and nobody's is lost unsaid.
  const others = await (await browser.newContext({ storageState: await session(browser, base, signin) })).newPage();
  const change = async (who, symptoms) => {
    if (who.url() !== base + incident) await who.goto(base + incident);
    await who.locator('a[href="#dlg-set"]').first().click();
    await who.locator('#set-symptoms').fill(symptoms);
  };
  const save = async (who) => {
    await who.locator('#dlg-set button.primary').click();
    await who.locator('#picture').getByText(await who.locator('#set-symptoms').inputValue()).waitFor();
  };
  const field = page.locator('#set-symptoms');
  const kept = page.locator('#dlg-set [data-kept]');
  await change(page, 'Mine: every tray is\nempty');
  await change(others, 'Theirs: the queue stands still');
  await save(others);
  await page.goto(`${base}/now`);
  await page.goto(base + incident);
  await page.locator('a[href="#dlg-set"]').first().click();
  assert.equal(await field.inputValue(), 'Theirs: the queue stands still');
  assert.match(await kept.innerText(), /This was changed meanwhile\. What you had typed is kept:/);
  assert.match(await kept.innerText(), /Symptoms.*\s+Mine: every tray is\nempty/);
  await field.fill('Typed since');
  await page.reload();
  await page.locator('a[href="#dlg-set"]').first().click();
  assert.equal(await field.inputValue(), 'Typed since');
  assert.match(await kept.innerText(), /Mine: every tray is/, 'typing again destroys nothing');
  await kept.getByRole('button', { name: 'Put it in' }).click();
  assert.equal(await field.inputValue(), 'Mine: every tray is\nempty');
  assert.match(await kept.innerText(), /What you had typed is kept:\s+Symptoms.*\s+Typed since/, 'nor does putting it in');
  await save(page);
  await page.locator('a[href="#dlg-set"]').first().click();
  assert.match(await kept.innerText(), /Typed since/, 'nor does sending it');
  await kept.getByRole('button', { name: 'Throw it away' }).click();
  assert.equal(await kept.count(), 0);
  assert.deepEqual(await drafts(page), []);
  await page.keyboard.press('Escape');

  // A part that is drawn anew, because somebody else does something, keeps what was chosen in it.
  await page.locator('a[href="#dlg-severity"]').first().click();
  await page.locator('#dlg-severity [name=severity][value="1"]').check();
  await page.keyboard.press('Escape');
  await change(others, 'Theirs again');
  await save(others);
  await page.waitForFunction(() => document.querySelector('#set-symptoms').defaultValue === 'Theirs again');
  assert.ok(await page.locator('#dlg-severity [name=severity][value="1"]').isChecked(), 'the choice is gone');
  await page.evaluate(() => localStorage.clear());

  await page.goto(`${base}/profile`);
  for (const field of await page.locator('input[type=password]').all()) await field.fill('a secret');
  assert.deepEqual(await drafts(page), [], 'a password is never kept');
  const all = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!all.includes('a secret'));
  console.log('drafts: nothing typed was lost');
} finally {
  await browser.close();
}
