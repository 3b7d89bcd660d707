// SPDX-License-Identifier: MIT
// exec that does not lose the privileges that the program's file grants.
'use strict';
const { getSystemErrorName } = require('util');
const native = require('./clonexec.node');

// As enum cx_strategy has them.
const STRATEGIES = ['auto', 'unshare', 'helper', 'lock'];

// No exec can take a string with a NUL in it.
function checkText(what, text) {
  if (typeof text !== 'string' || text.includes('\0')) {
    throw new TypeError(`${what} must be a string without a NUL`);
  }
}

function makeEnvironment(env) {
  if (typeof env !== 'object' || env === null) {
    throw new TypeError('env must be an object');
  }
  return Object.entries(env).map(([name, value]) => {
    const text = `${name}=${value}`;
    checkText('each variable of env', text);
    return text;
  });
}

function fail(errno, syscall, path) {
  const code = getSystemErrorName(-errno);
  const error = new Error(`${code}: ${syscall}${path ? ` '${path}'` : ''}`);
  throw Object.assign(error, { code, errno: -errno, syscall },
    path === undefined ? {} : { path });
}

function exec(search, name, file, args, env) {
  checkText('file', file);
  if (!Array.isArray(args)) {
    throw new TypeError('args must be an array');
  }
  args.forEach((text) => checkText('each of args', text));
  fail(native.exec(search, file, args, makeEnvironment(env)), name, file);
}

/** Replaces this process; args[0] is the name that the program is given. */
function execve(file, args = [file], env = process.env) {
  exec(false, 'execve', file, args, env);
}

/** The same for a name that is looked for in PATH, that of this process. */
function execvp(file, args = [file], env = process.env) {
  exec(true, 'execvp', file, args, env);
}

/** Calls f, which creates threads: none fails because of an exec meanwhile. */
function guarded(f) {
  if (typeof f !== 'function') {
    throw new TypeError('guarded wants a function');
  }
  return native.guarded(f);
}

/** For the whole process: 'auto', 'unshare', 'helper' or 'lock'. */
function setStrategy(strategy) {
  const number = STRATEGIES.indexOf(strategy);
  if (number < 0) {
    throw new TypeError(`a strategy is one of ${STRATEGIES.join(', ')}`);
  }
  const errno = native.setStrategy(number);
  if (errno !== 0) {
    fail(errno, 'cx_set_strategy');
  }
}

/** What an exec would use now; found out by trying. */
function status() {
  const found = native.status();
  if (found === undefined) {
    throw new Error('clonexec: the status cannot be told without /proc');
  }
  return {
    asked: STRATEGIES[found[0]],
    inForce: STRATEGIES[found[1]],
    fsPrivate: found[2] !== 0,
  };
}

module.exports = { execve, execvp, guarded, setStrategy, status };
