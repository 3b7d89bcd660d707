// SPDX-License-Identifier: MIT
// The other side of the tests: a program with worker threads, which execs as ROLE
// says.  PLAIN: the addon with libc's exec in it.
'use strict';
const { isMainThread, Worker } = require('worker_threads');

const clonexec = require('..');
const { PROGRAM, ROLE, PLAIN } = process.env;
const show = ['x', '-c', 'echo $0 $A $ROLE; grep SigIgn /proc/self/status'];

function act() {
  switch (ROLE) {
    case 'execve':
      return clonexec.execve('/bin/sh', show, { A: 'b' });
    case 'execvp':
      return clonexec.execvp('sh', show, { A: 'b' });
    case 'helper':
    case 'lock':
      clonexec.setStrategy(ROLE);
      return clonexec.execve('/bin/sh', show, { A: 'b' });
    case 'failing':
      try {
        clonexec.execve('/nowhere');
      } catch {
        return console.log('still here');
      }
      break;
    case 'target by plain':
      return require(PLAIN).exec(false, PROGRAM, [PROGRAM], []);
    case 'target by process':
      return process.execve(PROGRAM, [PROGRAM], {});
    case 'target by clonexec':
    case 'target by a worker':
      return clonexec.execve(PROGRAM, [PROGRAM], {});
  }
  throw new Error(`role ${ROLE}`);
}

if (!isMainThread) {
  if (ROLE === 'target by a worker') {
    act();
  }
  setInterval(() => {}, 1000);
} else {
  const workers = [0, 1].map(() =>
    clonexec.guarded(() => new Worker(__filename)));
  let left = workers.length;
  workers.forEach((worker) => worker.on('online', () => {
    left--;
    if (left === 0 && ROLE !== 'target by a worker') {
      act();
      process.exit(0);
    }
  }));
}
