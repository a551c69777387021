// What pages do beyond HTML, one by one, in Debian's Chromium: the search for open duplicates while one types, the slider of
// a replay, the map of systems, and what a page is on paper.
//
//     node tests-browser/scripts.mjs --base http://127.0.0.1:8080 --signin LINK --token TOKEN --incident /incidents/2026-001

import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { FLAGS, session } from './walk.mjs';

const OPTIONS = ['base', 'signin', 'token', 'incident'];
const { values } = parseArgs({ options: Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' }])) });
const { base, signin, token, incident } = values;
if (OPTIONS.some((name) => !values[name])) {
  console.error('usage: scripts.mjs --base URL --signin LINK --token TOKEN --incident PATH');
  process.exit(2);
}

/** Whoever types what is open already is asked whether it is the same, without sending anything. */
async function duplicates(page) {
  await page.goto(`${base}${incident}`);
  const title = await page.locator('main h1').innerText();
  await page.goto(`${base}/declare`);
  const same = page.locator('[data-live=same]');
  const field = page.getByLabel('What is wrong?');
  await field.fill('Zebras in the car park');
  await page.waitForResponse((answer) => answer.url().includes('Zebras'));
  assert.equal((await same.innerText()).trim(), '', 'nothing is like it');
  await field.fill(title);
  await same.getByText('Maybe already reported.').first().waitFor();
  assert.ok((await same.innerText()).includes(incident.split('/').at(-1)), 'it says which');
  assert.equal(await field.inputValue(), title, 'what was typed stays');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'declare-title', 'and so does the focus');
}

/** The slider leads to what was known then: by an arrow key, without a button. */
async function replay(page) {
  await page.goto(`${base}${incident}?as-of=1`);
  const slider = page.locator('#as-of');
  const last = Number(await slider.getAttribute('max'));
  const entries = () => page.locator('.log > li[id]').count();
  const first = await entries();
  await slider.focus();
  await Promise.all([page.waitForURL(/as-of=2$/), page.keyboard.press('ArrowRight')]);
  assert.equal(await slider.inputValue(), '2');
  await slider.focus();
  await Promise.all([page.waitForURL((url) => url.searchParams.get('as-of') === String(last)), page.keyboard.press('End')]);
  await page.getByText(`entry ${last} of ${last}`).waitFor();
  assert.ok((await entries()) > first, 'the log is longer at its end');
  assert.equal(await page.locator('main form[method=post]').count(), 0, 'the past cannot be acted on');
}

/** Every system that needs another, or is needed, is one box that leads to it; every dependency is one line. */
async function map(page) {
  const answer = await page.request.get(`${base}/api/v1/organisation`, { headers: { authorization: `Bearer ${token}` } });
  const { systems } = await answer.json();
  const needs = Object.entries(systems).flatMap(([name, system]) => (system.depends_on ?? []).map((other) => [name, other]));
  const joined = new Set(needs.flat());
  await page.goto(`${base}/systems`);
  const drawing = page.locator('[data-live=map] svg');
  const hrefs = await drawing.locator('a').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
  assert.deepEqual(hrefs.sort(), [...joined].map((name) => `/systems/${name}`).sort());
  assert.equal(await drawing.locator('path.wire').count(), needs.length);
  await drawing.locator('a').first().click();
  await page.waitForURL(`${base}${hrefs[0]}`);
}

/** On paper there is what one reads, unfolded, and nothing that one presses. */
async function paper(page) {
  await page.goto(`${base}${incident}`);
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await page.locator('.rail, .composer, .btn, .skip').evaluateAll((all) => all.filter((e) => e.checkVisibility()).map((e) => e.className)), []);
  assert.ok(await page.locator('main h1').isVisible());
  const hidden = await page.locator('.log > li[id]').evaluateAll((all) => all.filter((e) => !e.checkVisibility({ contentVisibilityAuto: true })).length);
  assert.equal(hidden, 0, 'entries of the log that are not printed');
  await page.emulateMedia({ media: null });
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  const context = await browser.newContext({ storageState: await session(browser, base, signin) });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  for (const check of [duplicates, replay, map, paper]) {
    await check(page);
    console.log(`ok   ${check.name}`);
  }
} finally {
  await browser.close();
}
