# SPDX-License-Identifier: MIT
# Some files to compile with make -j2.  S: this project, A: the machine.
core := $(addprefix $(S)/src/,sys lock exec)
vpath %.c $(core)
objects := $(notdir $(patsubst %.c,%.o,$(wildcard $(addsuffix /*.c,$(core)))))
CFLAGS := -O1 -fPIC $(addprefix -I,$(S)/include $(S)/src/arch $(core)) \
	-D_GNU_SOURCE -DCX_STRATEGY_DEFAULT=CX_AUTO \
	-DCX_ARCH_H='"$(A)/syscall.h"'

all: all.so
	cksum *.o *.so

all.so: $(objects)
	$(CC) -shared -o $@ $^

%.o: %.c
	@$(CC) -c $(CFLAGS) -o $@ $< && echo $@
