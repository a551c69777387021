// A whole incident in a real browser, from declaring it to closing it: once by keyboard alone on a desktop, once by thumb
// on a phone 390 px wide. What cannot be reached by Tab, or lies outside the screen, fails.
//
//     node tests-browser/course.mjs --base http://127.0.0.1:8080 --signin LINK

import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { FLAGS, session } from './walk.mjs';

const { values } = parseArgs({ options: { base: { type: 'string' }, signin: { type: 'string' } } });
const { base, signin } = values;
if (!base || !signin) {
  console.error('usage: course.mjs --base URL --signin LINK');
  process.exit(2);
}
/** Most presses of Tab until something is reached: a page is long, and never endless. */
const TABS_AT_MOST = 400;

/** By keyboard alone: Tab goes on until the element has the focus. */
function keys(page) {
  const to = async (selector) => {
    await page.locator(selector).first().waitFor({ state: 'attached' });
    for (let n = 0; n < TABS_AT_MOST; n += 1) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${selector} is not reached by Tab on ${page.url()}`);
  };
  return {
    name: 'by keyboard',
    async press(selector) {
      await to(selector);
      await page.keyboard.press('Enter');
    },
    async choose(selector) {
      const [, name] = selector.match(/name="([^"]+)"/);
      await to(`input[name="${name}"]`);
      // Within a group of radios the arrows choose.
      for (let n = 0; n < 12; n += 1) {
        if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) {
          await page.keyboard.press('Space');
          return;
        }
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`${selector} is not chosen by the arrows`);
    },
    async type(selector, text) {
      await to(selector);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(text);
    },
  };
}

/** By thumb: what is tapped lies on the screen, and is large enough. */
function thumb(page) {
  const tap = async (selector) => {
    const target = page.locator(selector).first();
    await target.scrollIntoViewIfNeeded();
    const box = await target.evaluate((e) => {
      const shown = e.matches('input[type=radio],input[type=checkbox]') ? e.closest('label') : e;
      const { left, right, height } = shown.getBoundingClientRect();
      return { left, right, height, wide: innerWidth };
    });
    assert.ok(box.left >= 0 && box.right <= box.wide + 1, `${selector} lies outside the screen of ${page.url()}`);
    await (await target.evaluate((e) => e.matches('input[type=radio],input[type=checkbox]'))
      ? page.locator(selector).first().evaluate((e) => e.closest('label').click())
      : target.tap());
  };
  return {
    name: 'by thumb',
    press: tap,
    choose: tap,
    async type(selector, text) {
      await tap(selector);
      await page.locator(selector).first().fill(text);
    },
  };
}

/** Somebody else of the demo, signed in: an administrator makes them a link, and they choose a password by it. */
async function person(browser, id) {
  const administrator = await browser.newContext({ storageState: await session(browser, base, signin) });
  const people = await administrator.newPage();
  await people.goto(`${base}/people/${id}`);
  await people.locator('form[action$="/sign-in-link"] button').click();
  const [link] = await people.waitForFunction(() => document.body.innerHTML.match(/\/set-up\/[\w-]+/)).then((m) => m.jsonValue());
  await administrator.close();
  const theirs = await browser.newContext();
  const page = await theirs.newPage();
  await page.goto(base + link);
  for (const field of await page.locator('input[type=password]').all()) await field.fill('a sentence that is good');
  await page.locator('main button.primary').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/set-up'));
  const state = await theirs.storageState();
  await theirs.close();
  return state;
}

async function course(browser, { signer, network }, size, how) {
  const storageState = await session(browser, base, signin);
  const phone = size.width < 500;
  const context = await browser.newContext({ storageState, viewport: size, hasTouch: phone, isMobile: phone });
  context.setDefaultTimeout(20_000);
  let page = await context.newPage();
  let hand = how(page);
  const said = (text) => page.locator('main').getByText(text).first().waitFor();
  const step = async (name, does) => {
    try {
      await does();
      console.log(`ok   ${hand.name}: ${name}`);
    } catch (error) {
      await page.screenshot({ path: `target/screens/course-${hand.name.replaceAll(' ', '-')}-failed.png`, fullPage: true });
      throw new Error(`${hand.name}: ${name}: ${error.message}`, { cause: error });
    }
  };
  /** Steps on a screen of somebody else's. */
  const as = async (state, does) => {
    const theirs = await browser.newContext({ storageState: state, viewport: size, hasTouch: phone, isMobile: phone });
    theirs.setDefaultTimeout(20_000);
    const [mine, myHand] = [page, hand];
    page = await theirs.newPage();
    hand = how(page);
    await does();
    await theirs.close();
    [page, hand] = [mine, myHand];
  };
  let incident = '';

  await step('declare', async () => {
    await page.goto(`${base}/now`);
    await hand.press('a[href="/declare"]:not([hidden])');
    await page.waitForURL('**/declare');
    await hand.type('#declare-title', `Badges do not open the archive ${hand.name}`);
    await hand.press('form[action="/declare"] button.primary.big');
    await page.waitForURL('**/declared/*');
    incident = new URL(page.url()).pathname.replace('/declared/', '/incidents/');
    await hand.press(`a.btn.primary[href="${incident}"]`);
    await page.waitForURL(`**${incident}`);
  });
  await step('triage', async () => {
    await hand.press(`a[href="${incident}/triage"]`);
    await page.waitForURL(`**${incident}/triage`);
    await hand.choose('input[name="extent"][value="group"]');
    await hand.choose('input[name="fault"][value="down"]');
    await hand.choose('input[name="urgency"][value="medium"]');
    await hand.press(`form[action="${incident}/triage"] button.primary`);
    await page.waitForURL((url) => url.pathname === incident);
    await said('A group, system down');
  });
  await step('plan', async () => {
    await hand.press(`a[href="${incident}/plan"]`);
    await page.waitForURL(`**${incident}/plan`);
    await hand.press('#d-cause > summary');
    await hand.type('#d-cause textarea, #d-cause input[name="text"]', 'The door controller has no network');
    await hand.press('#d-cause button.primary, #d-cause button[type="submit"]');
    await said('1. The door controller has no network');
  });
  await step('claim', async () => {
    await page.goto(`${base}/systems/directory`);
    await hand.press('#d-claim > summary, a[href="#dlg-claim"], details:has(form[action$="/claim"]) > summary');
    await hand.type('form[action$="/claim"] [name="what"]', 'Looking at the switch');
    await hand.press('form[action$="/claim"] button[type="submit"]');
    await said('Looking at the switch');
  });
  // It is handed over when whoever is asked takes it, and not before.
  const leads = (name) => page.locator('#roles dt:text-is("Incident Manager") + dd').getByText(name).waitFor();
  const handOver = async (whom, reason) => {
    await page.goto(base + incident);
    await hand.press('a[href="#dlg-hand-over"]');
    await hand.type('#hand-over-person', whom);
    await hand.type('#hand-over-reason', reason);
    await hand.press('#dlg-hand-over button.primary');
    await said(`Asked to take it over, ${whom}`);
  };
  const takeOver = async (from, to) => {
    await page.goto(base + incident);
    await leads(from);
    await page.locator('.incbar').getByRole('button', { name: `Take over from ${from}` }).waitFor();
    await hand.press(`form[action="${incident}/take"] button`);
    await leads(to);
  };
  await step('hand over', () => handOver('Network team', 'It is the switch'));
  await as(network, async () => {
    await step('take over', () => takeOver('Priya Raman', 'Tomasz Wieczorek'));
    await step('hand back', () => handOver('Priya Raman', 'The switch is well'));
  });
  await step('take it back', () => takeOver('Tomasz Wieczorek', 'Priya Raman'));
  await step('write', async () => {
    await hand.type('#note-text', 'The controller answers again');
    await hand.press('form.composer button.primary');
    await page.locator('.log').getByText('The controller answers again').first().waitFor();
  });
  // From the draft to everybody having been told: its signer has a screen of their own.
  const tell = async (what, text) => {
    await step(`ask for ${what} to be signed off`, async () => {
      await hand.press(`a[href="${incident}/comms"]`);
      await page.waitForURL(`**${incident}/comms`);
      const draft = '#row-2 + tr details:has(form[action$="/comms/draft"])';
      await hand.press(`${draft} > summary`);
      await hand.type(`${draft} textarea`, text);
      await hand.press(`${draft} button[value="ask"]`);
      await page.locator('#updates').getByText('Waits for sign-off').waitFor();
      assert.equal(await page.locator('form[action$="/comms/send"]').count(), 0, 'nothing goes out before it is signed off');
    });
    await as(signer, () => step(`sign ${what} off`, async () => {
      await page.goto(base + incident);
      await hand.press(`a[href="${incident}/comms"]`);
      await page.waitForURL(`**${incident}/comms`);
      await page.locator('#updates').getByText(text).first().waitFor();
      await hand.press('form[action$="/comms/sign"] button.primary');
      await page.locator('#updates').getByText(/^Signed off by Adaeze/).first().waitFor();
    }));
    await step(`send ${what}`, async () => {
      await page.goto(`${base}${incident}/comms`);
      // Management does not know yet, and it leaves IT.
      const why = '#updates details:has(form[action$="/comms/send"])';
      await hand.press(`${why} > summary`);
      await hand.type(`${why} [name="despite"]`, 'People stand before the door');
      await hand.press(`${why} button.danger`);
      await page.locator('#updates').getByText(/^Sent /).first().waitFor();
      // Whom Muster does not write to is told by hand.
      const left = page.locator('form[action$="/comms/carry"]');
      assert.ok(await left.count() > 0, 'a population is told by hand');
      for (let n = await left.count(); n > 0; n -= 1) {
        await hand.press('form[action$="/comms/carry"] button');
        await left.nth(n - 1).waitFor({ state: 'detached' });
      }
      await hand.press(`nav a[href="${incident}"], a[href="${incident}"]`);
      await page.waitForURL((url) => url.pathname === incident);
    });
  };
  await tell('an update', 'The archive opens again at noon. Please use the east door until then.');
  await step('read the whole log', async () => {
    const entries = page.locator('.log > li[id]');
    const first = await entries.count();
    const older = page.locator('a[data-older]');
    assert.ok(first === 20 && await older.count() === 1, `the newest 20 are shown: ${first}`);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForTimeout(500);
    if (phone) {
      // What stands below the log is not pushed away from whoever scrolls to it.
      assert.equal(await entries.count(), first, 'scrolling past a log lengthens it');
      await hand.press('a[data-older]');
    }
    await page.waitForFunction((n) => document.querySelectorAll('.log > li[id]').length > n, first);
    const ids = await entries.evaluateAll((all) => all.map((e) => e.id));
    assert.equal(new Set(ids).size, ids.length, 'an entry stands twice');
    // A page that is drawn anew, and says the same of the log, leaves what was fetched.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await page.waitForTimeout(2000);
    assert.ok(await entries.count() >= ids.length, 'what was fetched is gone');
    // Entries may really have come; but that the same ones changed is not so.
    const news = await page.locator('.news').allTextContents();
    assert.ok(news.every((says) => /new entr/.test(says)), `${news}`);
    assert.equal(new URL(page.url()).pathname, incident, 'nobody leaves the page for it');
  });
  await step('restore', async () => {
    await hand.press('a[href="#dlg-restore"]');
    await hand.type('#restore-resolution', 'The port was switched on');
    await hand.press('#dlg-restore button.primary');
    await said('Service restored');
  });
  await tell('the last update', 'The archive is open again.');
  await step('file the report', async () => {
    await hand.press('a[href="#dlg-report"]');
    await hand.type('#report-reference', 'Archive, folder 12');
    await hand.press('#dlg-report button.primary');
    await said('Report filed');
  });
  await step('tick what is left of the checklist', async () => {
    const left = page.locator('form[action$="/tick-step"]');
    for (let n = await left.count(); n > 0; n -= 1) {
      await hand.press('form[action$="/tick-step"] button');
      await left.nth(n - 1).waitFor({ state: 'detached' });
    }
    await page.locator('#steps').getByText('All 9 settled').waitFor();
  });
  await step('follow up and close', async () => {
    await hand.press(`a[href="${incident}/meetings"]`);
    await page.waitForURL(`**${incident}/meetings`);
    await hand.press('form[action$="/follow-up"] button[value="spoken"]');
    await page.locator('form[action$="/follow-up"]').waitFor({ state: 'detached' });
    await hand.type('#close-review', 'Minutes of the review, page 3');
    await hand.press('#close button.primary');
    await page.locator('h1').getByText('Closed').waitFor();
  });
  await context.close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  const people = { signer: await person(browser, 'adaeze'), network: await person(browser, 'tomasz') };
  await course(browser, people, { width: 1440, height: 900 }, keys);
  await course(browser, people, { width: 390, height: 844 }, thumb);
} finally {
  await browser.close();
}
