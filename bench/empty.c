/* SPDX-License-Identifier: MIT */
/* The least that can be preloaded: what the loader asks for any library. */
int bench_empty;
