<?php /* SPDX-License-Identifier: MIT */
FFI::cdef("void perror(const char *);", getenv("FREEZER"));
pcntl_exec($argv[1], array_slice($argv, 2));
