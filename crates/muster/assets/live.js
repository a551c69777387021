// Keeps a page fresh: listens to the server's event stream, and on `changed` fetches the page again.

import { fetchPage, swap } from './swap.js';

const WAIT_FIRST = 1000; // ms before the first try to connect again; doubled each time
const WAIT_MOST = 30000; // ms, so that a server that is back is noticed within half a minute
const SPREAD = 400; // ms over which readers of one page fetch it, so that they don't all come at once

const status = document.querySelector('[data-status]');
const url = document.body.dataset.liveUrl;
let source;
let wait = WAIT_FIRST;
let lostAt = null;
let timer = null;
let missed = false;

function say(text, lost, more) {
  if (!status) return;
  status.hidden = false;
  status.classList.toggle('lost', lost);
  if (status.firstChild?.textContent === text) return;
  const rest = document.createElement('span');
  rest.className = 'vh';
  rest.textContent = more;
  status.replaceChildren(text, rest);
  document.documentElement.toggleAttribute('data-offline', lost);
}

function connect() {
  source?.close();
  source = new EventSource(url);
  source.onopen = () => {
    const back = lostAt !== null;
    [lostAt, wait] = [null, WAIT_FIRST];
    say('Live', false, ': this page updates itself');
    if (back) changed();
  };
  source.onerror = () => {
    source.close();
    lost();
    setTimeout(connect, wait / 2 + Math.random() * wait / 2);
    wait = Math.min(wait * 2, WAIT_MOST);
  };
  source.addEventListener('changed', changed);
}

function lost() {
  lostAt ??= new Date();
  say(`Offline since ${clock(lostAt)}`, true, ': this page is as it was then');
}

function changed() {
  if (document.hidden) missed = true;
  else timer ??= setTimeout(refresh, Math.random() * SPREAD);
}

async function refresh() {
  timer = null;
  try {
    const fresh = await fetchPage(location.pathname + location.search);
    if (fresh) return swap(fresh);
    source.close();
    say('Signed out', true, ': sign in again to go on');
  } catch {
    lost();
  }
}

// The server says what its clock shows; the difference to UTC is the zone's.
function clock(at) {
  const root = document.documentElement.dataset;
  const [, hours, minutes] = /(\d\d):(\d\d)/.exec(root.clock) ?? [0, 0, 0];
  const then = new Date(root.now);
  const offset = Number(hours) * 60 + Number(minutes) - then.getUTCHours() * 60 - then.getUTCMinutes();
  return `${new Date(at.getTime() + offset * 60000).toISOString().slice(11, 16)}\u00a0${root.zone}`;
}

addEventListener('offline', lost);
addEventListener('online', connect);
addEventListener('pagehide', () => source.close());
addEventListener('pageshow', (e) => {
  if (!e.persisted) return;
  connect();
  changed();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden || !missed) return;
  missed = false;
  changed();
});
connect();
