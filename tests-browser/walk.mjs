// Walks through pages in Debian's Chromium: each path, desktop and phone, light and dark.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import * as checks from './checks.mjs';

export const VIEWS = [
  { name: 'desktop', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
];
const SCHEMES = ['light', 'dark'];

/** No sandbox, because tests run as root in containers; nothing that calls home. */
export const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** In which views and schemes the help on keys was looked at. */
const helped = new Set();

/** How long a page may take to load, on a busy machine. */
const LOAD_MS = 30_000;

/**
 * Checks every path under `base`.
 * @param {{base: string, paths: string[], signin?: string, cookie?: string, screens: string}} walk
 *   `signin` is a link that starts a session, by itself or by the one button on its page; `cookie` is `name=value`;
 *   `screens` is the folder for screenshots.
 * @param {(name: string, wrong: string[]) => void} report called once a check, with nothing wrong if it passed
 */
export async function walk({ base, paths, signin, cookie, screens }, report) {
  await mkdir(screens, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  try {
    const storageState = await session(browser, base, signin, cookie);
    for (const path of paths) {
      const page = { storageState, path, url: new URL(path, base).href, base, screens };
      try {
        await withoutScript(browser, page, report);
        for (const view of VIEWS) {
          for (const colorScheme of SCHEMES) await look(browser, { ...page, view, colorScheme }, report);
        }
      } catch (error) {
        // One page that cannot be looked at must not hide the others.
        report(`${path} can be looked at`, [String(error)]);
      }
    }
  } finally {
    await browser.close();
  }
}

/** The cookies of somebody who is signed in. */
export async function session(browser, base, signin, cookie) {
  const context = await browser.newContext();
  if (cookie) {
    const [name, ...value] = cookie.split('=');
    const secure = name.startsWith('__Host-') || name.startsWith('__Secure-') || base.startsWith('https:');
    await context.addCookies([{ name, value: value.join('='), url: base, secure }]);
  }
  if (signin) {
    const page = await context.newPage();
    await page.goto(new URL(signin, base).href, { timeout: LOAD_MS });
    // A link acts on nothing by itself: then its page has one button that does.
    const button = page.locator('main form button, form button').first();
    if ((await context.cookies()).length === 0 && (await button.count()) > 0) {
      await Promise.all([page.waitForNavigation({ timeout: LOAD_MS }), button.click()]);
    }
    if ((await context.cookies()).length === 0) throw new Error(`${signin} started no session`);
  }
  const state = await context.storageState();
  await context.close();
  return state;
}

/** The page as served: valid HTML, with its heading there before any script ran. */
async function withoutScript(browser, { storageState, url, path }, report) {
  const context = await browser.newContext({ storageState, javaScriptEnabled: false });
  const page = await context.newPage();
  const response = await page.goto(url, { timeout: LOAD_MS });
  report(`${path} answers`, response.ok() ? [] : [`status ${response.status()}`]);
  report(`${path} is valid HTML`, await checks.htmlErrors(await response.text()));
  const headings = page.locator('h1:visible');
  const shown = (await headings.count()) > 0 && (await headings.first().innerText()).trim() !== '';
  report(`${path} shows its heading without script`, shown ? [] : ['no visible h1 with text']);
  await context.close();
}

/** The page in one size and one colour scheme, with all details open, then with each dialog open. */
async function look(browser, { storageState, url, path, view, colorScheme, base, screens }, report) {
  const { name, ...device } = view;
  const context = await browser.newContext({ storageState, colorScheme, reducedMotion: 'reduce', ...device });
  const page = await context.newPage();
  const seen = checks.watch(page, base);
  const where = `${path} ${name} ${colorScheme}`;
  const file = (part) => join(screens, `${fileName(path)}${part}-${name}-${colorScheme}.png`);

  await page.goto(url, { timeout: LOAD_MS });
  await page.screenshot({ path: file(''), fullPage: true });
  await checks.openDetails(page);
  // What colours have nothing to do with was found in the light page.
  const colours = colorScheme !== SCHEMES[0];
  report(`${where}: axe`, await checks.axeViolations(page, { colours }));
  report(`${where}: no sideways scroll`, await checks.sidewaysScroll(page, device.viewport.width));
  for (const { id, button } of await checks.dialogs(page)) {
    // The help on keys is the same on every page.
    const once = `${id} ${name} ${colorScheme}`;
    if (id === 'dlg-keys' && helped.has(once)) continue;
    helped.add(once);
    report(`${where}: dialog ${id} has a button`, button ? [] : ['nothing on the page opens it']);
    if (!button) continue;
    report(`${where}: dialog ${id} opens`, await checks.openDialog(page, id));
    await page.screenshot({ path: file(`-${id}`) });
    report(`${where}: axe in dialog ${id}`, await checks.axeViolations(page, { within: `#${id}`, colours }));
    report(`${where}: no sideways scroll in dialog ${id}`, await checks.sidewaysScroll(page, device.viewport.width));
    await checks.closeDialog(page, id);
  }
  report(`${where}: no console error`, seen.errors);
  report(`${where}: no request to another origin`, seen.foreign);
  await context.close();
}

/** `/incidents/2026-041?tab=log` becomes `incidents-2026-041-tab-log`. */
export function fileName(path) {
  return path.replace(/\.html$/, '').replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-+|-+$/g, '') || 'home';
}
