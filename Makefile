# SPDX-License-Identifier: MIT
# A thin door: everything is in meson.build and scripts/.
BUILD ?= build
# Absolute, both.
DESTDIR ?=
PREFIX ?= /usr/local
# Arguments for meson setup, as MESON="-Dwatch=disabled".
MESON ?=
# Warnings are errors where nobody would read them.
ifdef CI
MESON += -Dwerror=true
endif

.PHONY: all demo check quick verify coverage soak model bench matrix kernel \
	install uninstall dist amalgamation go-module packages consumers clean with-tests
# What is installed, and nothing else.
all: $(BUILD)/build.ninja
	ninja -C $(BUILD) $(QUIET)

# In the same tree, from now on.
with-tests: $(BUILD)/build.ninja
	@scripts/setup tests $(BUILD)
	ninja -C $(BUILD)

# The race on this very kernel: lost under execve, kept under clonexec.
demo: QUIET = --quiet
demo: all
	$(BUILD)/src/cli/clonexec probe --seconds 10

# The tests' needs first: some parts are built only where these are.
check:
	scripts/deps check
	$(MAKE) $(BUILD)/build.ninja
	MESON="$(MESON)" scripts/check $(BUILD)

# The lock's algorithm, its larger runs and its mutants, by spin.
model:
	scripts/deps check
	model/run --large

# The parts that are too long for check: see scripts/verify.
verify:
	scripts/deps verify
	scripts/verify

coverage:
	scripts/deps verify
	scripts/coverage

# As root: make soak MINUTES=30
MINUTES ?= 30
soak: with-tests
	$(BUILD)/tests/soak/soak --minutes $(MINUTES)

# Against whatever else is installed; writes docs/performance*.md.  Set up anew,
# for what has been installed since.
bench:
	-scripts/deps bench
	$(MAKE) with-tests
	ninja -C $(BUILD) bench-programs
	bench/run --build $(BUILD)
	bench/report --results $(BUILD)/bench/results

# Other kernels, CPUs and distributions; as root.  Writes docs/compatibility.md.
matrix:
	scripts/deps matrix
	$(MAKE) with-tests
	tests/matrix/run --build $(BUILD) --write

# Kernels without the kernel's fix and with it, built and booted; as root.  An
# hour the first time, MINUTES for the one that proves the order of locks, and an
# hour for these suites of `make check` in the fixed one (SUITES= for none).
KERNELS ?= privileges,plain,eagain,fixed,lockdep
SUITES ?= race unit cli watch
kernel:
	scripts/deps kernel
	$(MAKE) with-tests
	kernel/run --build $(BUILD) --minutes $(MINUTES) --only $(KERNELS) \
		--suites '$(SUITES)'

install: $(BUILD)/build.ninja
	meson configure $(BUILD) --prefix "$(PREFIX)"
	ninja -C $(BUILD) --quiet
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" scripts/install install $(BUILD)

# What the last `make install` from this tree put there.
uninstall:
	DESTDIR="$(DESTDIR)" scripts/install uninstall $(BUILD)

# The lock, the exec and the race, while one works on them: under 30 s.
quick: with-tests
	meson test -C $(BUILD) --no-rebuild --suite unit --suite race \
		--no-suite long

# The library as two files, for those who take it into their own source.
amalgamation:
	scripts/amalgamate $(BUILD)/amalgamation
	@echo "wrote $(BUILD)/amalgamation: clonexec.c, clonexec.h and a" \
		"CMakeLists.txt"

# The module for Go with these two files in it, and a proxy for "go get".
go-module:
	scripts/go-module $(BUILD)/go
	@echo "wrote $(BUILD)/go: clonexec, the module; proxy, for GOPROXY"

# What git has, as build/meson-dist/clonexec-VERSION.tar.xz, and those two.
dist: $(BUILD)/build.ninja amalgamation
	meson dist -C $(BUILD) --no-tests
	cd $(BUILD) && set -- meson-dist/clonexec-[0-9]*.tar.xz && \
		tar -C amalgamation -cJf "$$(echo "$$1" | \
			sed s/clonexec-/clonexec-amalgamation-/)" \
			clonexec.c clonexec.h CMakeLists.txt

# Debian's: built, and tried in a new installation; as root.  And RPM's: built.
# And Nix's: parsed.
packages:
	scripts/deps packages
	$(MAKE) with-tests
	packaging/try-debian bookworm
	packaging/try-fleet bookworm
	packaging/try-machine bookworm
	mkdir -p $(BUILD)/rpm
	packaging/try-rpm $(BUILD)/rpm
	nix-instantiate --parse packaging/nix/default.nix >$(BUILD)/nix.parsed

# One program by each build system and language, each in a new Debian; as root.
consumers: with-tests
	scripts/deps packages
	packaging/try-consumers bookworm

# The trees that meson made, and nothing else of such a name.
clean:
	for tree in $(BUILD) $(BUILD)-*; do \
		[ ! -d "$$tree/meson-private" ] || rm -rf "$$tree"; \
	done

$(BUILD)/build.ninja:
	@scripts/setup $(BUILD) $(MESON) --prefix "$(PREFIX)" \
		$$(scripts/install libdir)
