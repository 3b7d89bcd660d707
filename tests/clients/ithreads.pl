# SPDX-License-Identifier: MIT
# Two threads create threads, and main calls exec.
use threads;
use threads::shared;
my $created :shared = 0;
sub create {
	for (;;) {
		my $t = threads->create(sub {});
		if ($t) { $created++; $t->join } else { print STDERR "EAGAIN\n" }
	}
}
$SIG{__WARN__} = sub {}; # it warns of each failure
threads->create(\&create)->detach for 1 .. 2;
select(undef, undef, undef, 0.001) while $created < 2;
exec { $ARGV[0] } @ARGV;
