// node tests-browser/pages.mjs --base http://127.0.0.1:8080 --signin LINK --paths /now,/incidents
// Needs `npm ci --ignore-scripts` here, and Debian's package `chromium` (or CHROMIUM=/path/to/it).

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { walk } from './walk.mjs';

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    paths: { type: 'string' },
    signin: { type: 'string' },
    cookie: { type: 'string' },
    screens: { type: 'string', default: fileURLToPath(new URL('../target/screens', import.meta.url)) },
  },
});
const paths = (values.paths ?? '').split(',').filter((path) => path !== '');
if (!values.base || paths.length === 0) {
  console.error('usage: pages.mjs --base URL --paths /a,/b [--signin URL | --cookie NAME=VALUE] [--screens DIR]');
  process.exit(2);
}

let passed = 0;
let failed = 0;
function report(name, wrong) {
  if (wrong.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAIL ${name}`);
  for (const line of wrong) console.log(`     ${line}`);
}

try {
  await walk({ ...values, paths }, report);
} catch (error) {
  report('the walk goes to its end', [String(error)]);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
