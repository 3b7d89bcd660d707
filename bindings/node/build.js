// SPDX-License-Identifier: MIT
// Builds clonexec.node by $CC (or cc), without node-gyp: from addon.c and from the
// library's one C file, which is bundled/clonexec.c if the package has one, else
// what scripts/amalgamate makes of the tree that this is part of.
'use strict';
const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

// Where node_api.h is: that of any version of Node will do.
function findHeaders() {
  const places = [
    process.env.NODE_INCLUDE,
    path.join(path.dirname(process.execPath), '../include/node'),
    '/usr/include/node',
  ];
  try {
    places.push(require('node-api-headers').include_dir);
  } catch {
    // It is for where Node comes without its headers.
  }
  const found = places.find((place) =>
    place && fs.existsSync(path.join(place, 'node_api.h')));
  if (!found) {
    throw new Error('clonexec: there is no node_api.h: install libnode-dev ' +
      '(Debian) or the npm package node-api-headers, or set NODE_INCLUDE');
  }
  return found;
}

function findSource(scratch) {
  const bundled = path.join(__dirname, 'bundled');
  if (fs.existsSync(path.join(bundled, 'clonexec.c'))) {
    return bundled;
  }
  execFileSync(path.join(__dirname, '../../scripts/amalgamate'), [scratch],
    { stdio: 'inherit' });
  return scratch;
}

/** Flags are those of addon.c alone. */
function build(output, flags = []) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'clonexec-node-'));
  const [cc, ...words] = (process.env.CC || 'cc').trim().split(/\s+/);
  const compile = (...args) => execFileSync(cc, [...words, '-std=gnu11', '-O2',
    '-fPIC', '-pthread', ...args], { stdio: 'inherit' });
  try {
    const source = findSource(scratch);
    const object = path.join(scratch, 'clonexec.o');
    compile('-c', path.join(source, 'clonexec.c'), '-o', object);
    compile('-shared', ...flags, '-I', findHeaders(), '-I', source,
      path.join(__dirname, 'addon.c'), object, '-o', output);
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

module.exports = { build };
if (require.main === module) {
  try {
    build(path.join(__dirname, 'clonexec.node'));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
