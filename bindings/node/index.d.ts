// SPDX-License-Identifier: MIT
export type Strategy = 'auto' | 'unshare' | 'helper' | 'lock';

export interface Status {
  /** As set by setStrategy(). */
  asked: Strategy;
  /** What an exec would use now. */
  inForce: Strategy;
  /** A failed exec has left this thread a working directory of its own. */
  fsPrivate: boolean;
}

/** Replaces this process; args[0] is the name that the program is given. */
export function execve(file: string, args?: readonly string[],
  env?: NodeJS.ProcessEnv): never;

/** The same for a name that is looked for in PATH, that of this process. */
export function execvp(file: string, args?: readonly string[],
  env?: NodeJS.ProcessEnv): never;

/**
 * Calls f, which creates threads: none fails because of an exec meanwhile, which
 * waits for f, two seconds at most.
 */
export function guarded<T>(f: () => T): T;

/** For the whole process. */
export function setStrategy(strategy: Strategy): void;

/** Found out by trying. */
export function status(): Status;
