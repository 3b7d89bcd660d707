// SPDX-License-Identifier: MIT
// With FREEZER (tests/clients/freezer.c) and TARGET (src/race/target), as root: the
// frozen race as well.
'use strict';
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const test = require('node:test');

const clonexec = require('..');
const { build } = require('../build.js');

const STRATEGIES = ['auto', 'unshare', 'helper', 'lock'];

function act(role, more = {}) {
  const done = spawnSync(process.execPath, [path.join(__dirname, 'actor.js')],
    { env: { ...process.env, ROLE: role, ...more }, encoding: 'utf8',
      timeout: 60000 });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

test('the program has its name, its variables and its signals', () => {
  for (const role of ['execve', 'execvp', 'helper', 'lock']) {
    const { out, err, status } = act(role);
    assert.strictEqual(status, 0, err);
    const [, ignored] = out.match(/^x b\nSigIgn:\t([0-9a-f]+)\n$/);
    // Of the standard ones: whoever runs the tests may ignore others.
    assert.strictEqual(BigInt(`0x${ignored}`) & 0x7fffffffn, 0n, role);
  }
});

test('a failure says why, and Node goes on', () => {
  for (const strategy of STRATEGIES) {
    clonexec.setStrategy(strategy);
    for (const [file, code] of [['/nowhere', 'ENOENT'], ['', 'ENOENT'],
      ['/etc/passwd', 'EACCES'], ['/etc/passwd/x', 'ENOTDIR']]) {
      assert.throws(() => clonexec.execve(file, ['x'], {}),
        { code, syscall: 'execve', path: file });
    }
    assert.throws(() => clonexec.execvp('no-such-name'),
      { code: 'ENOENT', syscall: 'execvp', errno: -2 });
    assert.strictEqual(clonexec.status().asked, strategy);
  }
  clonexec.setStrategy('auto');
  const { out, status, err } = act('failing');
  assert.strictEqual(status, 0, err);
  assert.strictEqual(out, 'still here\n');
});

test('what no exec can take is a TypeError', () => {
  for (const args of [[], [1], ['/bin/tr\0ue'], ['/bin/true', 'x'],
    ['/bin/true', ['x\0']], ['/bin/true', [1]],
    ['/bin/true', ['x'], { A: 'b\0' }], ['/bin/true', ['x'], null]]) {
    assert.throws(() => clonexec.execve(...args), TypeError);
  }
  assert.throws(() => clonexec.setStrategy('luck'), TypeError);
  assert.throws(() => clonexec.guarded(1), TypeError);
});

test('guarded gives what its function gives', () => {
  assert.strictEqual(clonexec.guarded(() => 7), 7);
  assert.throws(() => clonexec.guarded(() => { throw new RangeError(); }),
    RangeError);
  // (Nothing is held: this would take the time limit.)
  assert.throws(() => clonexec.execve('/nowhere'), { code: 'ENOENT' });
});

test('what an exec would use can be asked', () => {
  const { asked, inForce, fsPrivate } = clonexec.status();
  assert.strictEqual(asked, 'auto');
  assert.ok(STRATEGIES.includes(inForce) && inForce !== 'auto');
  assert.strictEqual(typeof fsPrivate, 'boolean');
});

// A thread creation stands still in the kernel while Node execs.
test('privileges are kept, the race frozen', (t) => {
  const cannot = (why) => {
    assert.notStrictEqual(process.env.CLONEXEC_MUST_WORK, '1', why);
    t.skip(why);
  };
  const { FREEZER, TARGET } = process.env;
  if (!FREEZER || !TARGET || process.getuid() !== 0) {
    return cannot('needs root, FREEZER and TARGET');
  }
  // Where nobody may go.
  const folder = fs.mkdtempSync('/tmp/cx-node-');
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const place = (name, from) => {
    const to = path.join(folder, name);
    fs.copyFileSync(from, to);
    fs.chmodSync(to, name === 'sudo' ? 0o4755 : 0o755);
    return to;
  };
  fs.chmodSync(folder, 0o755);
  const PLAIN = path.join(folder, 'plain.node');
  build(PLAIN, ['-Dcx_execve=execve', '-Dcx_execvpe=execvpe']);
  const more = { PLAIN, LD_PRELOAD: place('freezer.so', FREEZER),
    PROGRAM: place('sudo', TARGET) };
  const cases = { 'target by plain': '65534 65534 65534',
    'target by clonexec': '65534 0 0', 'target by a worker': '65534 0 0' };
  if (process.execve) {
    cases['target by process'] = '65534 65534 65534';
  }
  for (const [role, ids] of Object.entries(cases)) {
    const { out, err, status } = act(role, more);
    if (status === 77) {
      return cannot(`cannot freeze the race here: ${err}`);
    }
    assert.strictEqual(out.split(' ').slice(0, 3).join(' '), ids,
      `${role}: ${err}`);
  }
});
