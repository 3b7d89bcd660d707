# SPDX-License-Identifier: MIT
# Some files to compile with make -j2.  S: this project, A: the machine.
vpath %.c $(S)/src/core
objects := $(notdir $(patsubst %.c,%.o,$(wildcard $(S)/src/core/*.c)))
CFLAGS := -O1 -fPIC -I$(S)/include -I$(S)/src/core -D_GNU_SOURCE \
	-DCX_STRATEGY_DEFAULT=CX_AUTO -DCX_ARCH_H='"arch/$(A).h"'

all: all.so
	cksum *.o *.so

all.so: $(objects)
	$(CC) -shared -o $@ $^

%.o: %.c
	@$(CC) -c $(CFLAGS) -o $@ $< && echo $@
