# groktools -- see README.md.  Everything is built in build/; there are no lists of files.
BUILD   ?= build
CC      ?= cc
ARCH    ?= native
PKGS     = openblas
HDF5_CFLAGS := $(shell pkg-config --cflags hdf5-serial 2>/dev/null || pkg-config --cflags hdf5)
HDF5_LIBS   := $(shell pkg-config --libs hdf5-serial 2>/dev/null || pkg-config --libs hdf5)
CPPFLAGS += -D_GNU_SOURCE -Ilibshared $(HDF5_CFLAGS) $(shell pkg-config --cflags openblas libmd)
WARN      = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wvla -Werror
CFLAGS  += -std=c11 -O2 -g $(WARN) -fopenmp
KERNEL_CFLAGS = -O3 -march=$(ARCH) -ffp-contract=fast -fno-math-errno -fno-trapping-math
LDLIBS  += $(HDF5_LIBS) $(shell pkg-config --libs openblas libmd) -lz -lm -ldl

LIB_SRC  := $(filter-out libshared/cpu/%,$(wildcard libshared/*/*.c))
CPU_SRC  := $(wildcard libshared/cpu/*.c)
TOOL_SRC := $(wildcard tools/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
TOOLS    := $(TOOL_SRC:tools/%.c=$(BUILD)/bin/%)
UNITS    := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
LIB      := $(BUILD)/lib/libgroktools.a

all: $(TOOLS)
units: $(UNITS)
.PHONY: all units clean
.DELETE_ON_ERROR:

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# The kernels are compiled once per real type; ld -r and objcopy keep only each build's vtable visible.
$(BUILD)/obj/cpu_f32/%.o: libshared/cpu/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(KERNEL_CFLAGS) -DGK_REAL_BITS=32 -MMD -MP -c $< -o $@
$(BUILD)/obj/cpu_f64/%.o: libshared/cpu/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(KERNEL_CFLAGS) -DGK_REAL_BITS=64 -MMD -MP -c $< -o $@
define cpu_object
$(BUILD)/obj/cpu_f$(1).o: $(CPU_SRC:libshared/cpu/%.c=$(BUILD)/obj/cpu_f$(1)/%.o)
	ld -r -o $$@.tmp $$^
	objcopy --keep-global-symbol=gk_backend_cpu_f$(1) $$@.tmp $$@
	rm -f $$@.tmp
endef
$(eval $(call cpu_object,32))
$(eval $(call cpu_object,64))

$(LIB): $(LIB_OBJ) $(if $(CPU_SRC),$(BUILD)/obj/cpu_f32.o $(BUILD)/obj/cpu_f64.o)
	@mkdir -p $(@D)
	rm -f $@
	ar rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/obj/tools/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $< $(LIB) $(LDLIBS) -o $@
$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $< $(LIB) $(LDLIBS) -o $@

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
