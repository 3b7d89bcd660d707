# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# tini, the first process of many containers.  It execs in a child that it has
# forked, where nothing can be lost: so the patch changes nothing for it.
package=tini
debians=/usr/bin/tini
patched=build/tini
option=--
today=kept

build() {
	cmake -B build -DCMAKE_C_FLAGS="-I$work/clonexec" \
		-DCMAKE_C_STANDARD_LIBRARIES="-L$work/clonexec -lclonexec -pthread" &&
		make -C build
}

# They want python3-psutil and python3-prctl, and bitmap, which Debian has not.
prepare_tests() {
	mkdir -p own &&
		cat >own/bitmap.py <<-'END' &&
			class BitMap:
			    def __init__(self, text):
			        self.text = text[::-1]
			    fromstring = classmethod(lambda cls, text: cls(text))
			    def nonzero(self):
			        return [n for n, bit in enumerate(self.text) if bit == "1"]
		END
		gcc -o build/sigconf-test test/sigconf/sigconf-test.c
}

# (Twice, if need be: the one of process groups sends its signal as soon as there
# is a grandchild, which on a busy machine may still ignore it.)
own_tests() {
	prepare_tests && for try in 1 2; do
		! PATH=/usr/bin:$PATH PYTHONPATH=$PWD/own SOURCE_DIR=$PWD \
			BUILD_DIR=$PWD/build FORCE_SUBREAPER=1 \
			python3 test/run_inner_tests.py || return 0
	done
	return 1
}

summary() {
	grep '^All done'
}

do_exec() {
	echo "$1"
}
