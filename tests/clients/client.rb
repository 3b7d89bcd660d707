# SPDX-License-Identifier: MIT
require "fiddle"
Fiddle.dlopen(ENV["FREEZER"])
exec [ARGV[0], ARGV[0]], *ARGV[1..]
