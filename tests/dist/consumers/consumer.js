// SPDX-License-Identifier: MIT
// Execs what it is told: by clonexec, or, with one more argument, by plain.node,
// which is the addon with libc's exec in it (Node had none before 23.11).
'use strict';
const clonexec = require('./clonexec');

const [, , program, plain] = process.argv;
if (plain) {
  require('./plain.node').exec(false, program, [program], []);
} else {
  clonexec.execve(program, [program], {});
}
