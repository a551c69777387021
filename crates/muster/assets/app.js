// What every page does beyond HTML. Without it everything still works: pages reload, dialogs open
// by :target, times stand as they were printed.

import { sending } from './drafts.js';
import './older.js';
import { fetchPage, swap } from './swap.js';

const root = document.documentElement;
const skew = new Date(root.dataset.now) - Date.now(); // this clock against the server's

// == Times: the same words as web/view/time.rs

function length(ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  const [min, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86400)];
  const say = (...words) => words.join('\u00a0');
  if (d) return h % 24 ? say(d, 'd', h % 24, 'h') : say(d, 'd');
  if (h) return min % 60 ? say(h, 'h', min % 60, 'min') : say(h, 'h');
  return min ? say(min, 'min') : say(s, 's');
}

function words(ms, manner) {
  const text = length(ms);
  if (manner === 'for') return text;
  if (manner === 'due') return ms < 0 ? `Late by ${text}` : `In ${text}`;
  if (manner === 'left') return ms < 0 ? 'time is up' : `${text} left`;
  if (Math.abs(ms) < 10000) return 'just now';
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

function tick() {
  const now = Date.now() + skew;
  for (const time of document.querySelectorAll('time[data-tick]:not([data-still] *)')) {
    const text = words(new Date(time.dateTime) - now, time.dataset.tick);
    if (time.textContent !== text) time.textContent = text;
  }
}
// What is about to run out is counted by the second.
setInterval(() => document.querySelector('time[data-tick=left]') && tick(), 1000);
setInterval(tick, 30000);

// == Dialogs: a link to #dlg-… opens one; one that comes back with problems is open already

function show(dialog) {
  if (dialog.open) dialog.close();
  dialog.showModal();
  dialog.querySelector('[data-problems]')?.focus();
}

for (const dialog of document.querySelectorAll('dialog[open]')) show(dialog);
if (location.hash.startsWith('#dlg-')) {
  const dialog = document.getElementById(location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search);
  if (dialog) show(dialog);
}

document.addEventListener('click', (e) => {
  const link = e.target.closest?.('a[href^="#dlg-"], a[data-close]');
  const dialog = link && (link.closest('dialog') ?? document.getElementById(link.hash.slice(1)));
  if (e.target.matches?.('[data-toast] button')) e.target.parentElement.remove();
  if (!dialog) return;
  e.preventDefault();
  if ('close' in link.dataset) dialog.close();
  else show(dialog);
});

// == Toasts

function toast(text) {
  document.querySelector('[data-toast]')?.remove();
  const box = document.createElement('div');
  box.className = 'toast';
  box.dataset.toast = '';
  box.setAttribute('role', 'status');
  box.textContent = text;
  document.body.append(box);
  fade(box);
}

function fade(box) {
  const close = document.createElement('button');
  close.className = 'btn plain sm';
  close.type = 'button';
  close.textContent = 'Close';
  box.append(close);
  setTimeout(() => box.matches(':hover, :focus-within') || box.remove(), 10000);
}
document.querySelectorAll('[data-toast]').forEach(fade);

// == Sending: once, and not into the void

document.addEventListener('submit', (e) => {
  const form = e.target;
  if (form.method !== 'post') return;
  if (root.hasAttribute('data-offline') || navigator.onLine === false) {
    e.preventDefault();
    toast('Offline. What you wrote is kept here: send it again when the page is live.');
  } else if (form.dataset.sending) {
    e.preventDefault();
  } else {
    form.dataset.sending = '1';
    e.submitter?.setAttribute('aria-busy', 'true');
    sending(form);
  }
});

addEventListener('pageshow', () => {
  tick();
  for (const form of document.querySelectorAll('form[data-sending]')) delete form.dataset.sending;
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
});

// == Asked while a form is filled in: is it reported already, what does the policy say of it?

for (const form of document.querySelectorAll('form[data-ask]')) {
  let asking;
  form.addEventListener('input', () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const url = `${form.getAttribute('action')}?${new URLSearchParams(new FormData(form))}`;
      const fresh = await fetchPage(url).catch(() => null);
      if (fresh) swap(fresh, form.dataset.ask);
    }, 400);
  });
}

// == Keys

const inField = (element) => element?.closest?.('input:not([type=radio],[type=checkbox]), textarea, select, [contenteditable]');
const leads = { n: '/now', o: '/oncall', l: '#log', c: '#calls', i: '/incidents', s: '/systems' };
let led = false;

function press(element) {
  if (inField(element)) element.focus();
  else element.click();
}

function move(step) {
  const entries = [...document.querySelectorAll('.log > li[id]')];
  const at = entries.indexOf(document.activeElement.closest?.('.log > li[id]'));
  const entry = entries[Math.min(Math.max(at + step, 0), entries.length - 1)];
  entry?.setAttribute('tabindex', '-1');
  entry?.focus();
}

document.addEventListener('keydown', (e) => {
  const field = inField(e.target);
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && field?.form) {
    e.preventDefault();
    field.form.requestSubmit();
  } else if (e.key === 'Escape' && field?.closest('.composer')) {
    field.blur();
  } else if (e.key === 'k' && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    search();
  } else if ('shortcuts' in document.body.dataset && !field && !e.ctrlKey && !e.metaKey && !e.altKey) {
    shortcut(e);
  }
});

function search() {
  const find = document.querySelector('[data-key="/"]');
  if (find) find.focus();
  else location.assign('/incidents#q');
}

function shortcut(e) {
  if (document.querySelector('dialog[open]')) return;
  const lead = led && leads[e.key];
  led = e.key === 'g';
  const target = document.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
  if (led) return;
  if (lead) location.assign(lead);
  else if (e.key === 'j') move(1);
  else if (e.key === 'k') move(-1);
  else if (e.key === '?') show(document.getElementById('dlg-keys'));
  else if (e.key === '/') search();
  else if (target) press(target);
  else return;
  e.preventDefault();
}

if (location.hash === '#q') document.getElementById('q')?.focus();

// == What is missing, in our words: a browser's own differ, and don't say which field

document.addEventListener('invalid', (e) => {
  const field = e.target;
  const label = field.labels?.[0]?.textContent.trim();
  if (field.validity.valueMissing && label) field.setCustomValidity(`Still empty: ${label}`);
}, true);
document.addEventListener('input', (e) => e.target.setCustomValidity?.(''));

for (const form of document.querySelectorAll('[data-replay]')) form.addEventListener('change', () => form.requestSubmit());
for (const field of document.querySelectorAll('[data-select]')) field.addEventListener('focus', () => field.select());
tick();
