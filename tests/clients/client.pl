# SPDX-License-Identifier: MIT
use threads;
use DynaLoader;
threads->create(sub { sleep 60 })->detach;
DynaLoader::dl_load_file($ENV{FREEZER}) or die DynaLoader::dl_error();
exec { $ARGV[0] } @ARGV;
