# groktools -- see README.md.  Everything is built below build/; there are no lists of files: what lies in a folder is built.
#
#   make                 the tools, in build/bin             make CC=clang BUILD=build/clang
#   make check           all tests                           make SANITIZE=address,undefined units
#   make CROSS=aarch64-linux-gnu- ARCH=armv8-a           for another machine; PKG_CONFIG_LIBDIR says where its libraries are
#   make WERROR=1        a warning is an error: for development, and what .ci/run does
#   make help            all targets                         make V=1 shows the commands
SANITIZE ?=
WERROR   ?=
BUILD    ?= build$(if $(SANITIZE),/sanitize)
CROSS    ?=
ifneq ($(CROSS),)
CC        = $(CROSS)gcc
CXX       = $(CROSS)g++
AR        = $(CROSS)ar
LD        = $(CROSS)ld
endif
CC       ?= cc
OBJCOPY  ?= $(CROSS)objcopy
NM       ?= $(CROSS)nm
ARCH     ?= native
BLAS     ?= openblas
PREFIX   ?= /usr/local
CFLAGS   ?= -O2 -g
VERSION  := 0.1.0

# Make has no names with blanks, and takes these characters for its own; paths in here are relative, so that only BUILD matters.
# What is not a name of make's goes to the shell as $(call quoted,...): any path will do.  A $ in the environment is one; on the
# command line it begins a variable of make's, and nobody sees whether that was meant.
comma  := ,
space  := $(subst ,, )
hash   := \#
odd    := $(foreach character,' " ` \ : ; & | * ? ( ) < > [ ] = ~ $$ % $(hash),$(findstring $(character),$(value BUILD)))
ifneq ($(if $(filter file,$(origin BUILD)),1,$(words x$(value BUILD)x)$(strip $(odd))),1)
$(error BUILD '$(value BUILD)' has a blank, a quote or a sign that make does not take; leave it out, or say a folder without)
endif
quoted  = '$(subst ','\'',$(1))'
define literal
ifneq ($(findstring $$,$(value $(1))),)
ifeq ($(origin $(1)),command line)
$$(error $(1) '$$(value $(1))' has a $$$$, which begins a variable of make's here; \
    say it before make: $(1)='$$(value $(1))' make ...)
endif
$(1) := $$(value $(1))
endif
endef
$(foreach path,PREFIX DESTDIR GROK_DATA FROM PATH,$(eval $(call literal,$(path))))

# The next compiler knows warnings that nobody has seen yet: they stop only who asks for it.
WERR      = $(if $(filter-out 0,$(WERROR)),-Werror)
# The last two are clang's: a loop that it does not vectorise, and INT64_MAX as a bound in an option table, are no mistakes.
WARNINGS  = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wvla $(WERR) -Wno-pass-failed -Wno-implicit-const-int-float-conversion
CHECKED   = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
GK_CFLAGS = -std=c11 -D_GNU_SOURCE -Ilibshared $(PKG_CFLAGS) $(WARNINGS) -fopenmp $(CHECKED) $(CPPFLAGS) $(CFLAGS)
GK_LIBS   = $(PKG_LIBS) -lm -ldl $(LDLIBS)
KERNEL_O      = -O3
KERNEL_CFLAGS = $(KERNEL_O) -march=$(ARCH) -ffp-contract=fast -fno-math-errno -fno-trapping-math
Q        := $(if $(V),,@)

LIB_SRC   := $(filter-out libshared/cpu/%,$(wildcard libshared/*/*.c))
CPU_SRC   := $(wildcard libshared/cpu/*.c)
TOOL_SRC  := $(wildcard tools/grok-*.c)
PART_SRC  := $(filter-out $(TOOL_SRC),$(wildcard tools/*.c))
SCRIPTS   := $(filter-out %.c %.h,$(wildcard tools/grok-*))
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
KERNEL_SRC := $(wildcard tests/kernel/test_*.c)
ROBUST_SRC := $(wildcard tests/robust/*.c)
SLOW_SRC  := $(wildcard tests/slow/*.c)
FUZZ_SRC  := $(wildcard tests/fuzz/*.c)
PRELOAD_SRC := $(wildcard tests/preload/*.c)
BENCH_SRC := $(wildcard tests/bench/*.c)

obj        = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB       := $(BUILD)/lib/libgroktools.a
CPU_OBJ   := $(if $(CPU_SRC),$(BUILD)/obj/cpu_f32.o $(BUILD)/obj/cpu_f64.o)
C_TOOLS   := $(TOOL_SRC:tools/%.c=$(BUILD)/bin/%)
TOOLS     := $(C_TOOLS) $(SCRIPTS:tools/%=$(BUILD)/bin/%)
UNITS     := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
KERNELS   := $(foreach bits,32 64,$(KERNEL_SRC:tests/kernel/%.c=$(BUILD)/tests/%_f$(bits)))
ROBUSTS   := $(ROBUST_SRC:tests/robust/%.c=$(BUILD)/robust/%) $(PRELOAD_SRC:tests/preload/%.c=$(BUILD)/robust/%.so)
SLOWS     := $(SLOW_SRC:tests/slow/%.c=$(BUILD)/slow/%)
FUZZERS   := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/fuzzers/%)
BENCHES   := $(BENCH_SRC:tests/bench/%.c=$(BUILD)/bench/%)
OBJECTS   := $(call obj,$(LIB_SRC) $(TOOL_SRC) $(PART_SRC) $(UNIT_SRC) $(ROBUST_SRC) $(SLOW_SRC) $(BENCH_SRC)) $(CPU_OBJ) \
             $(KERNELS:$(BUILD)/tests/%=$(BUILD)/obj/tests/kernel/%.o)
MAN       := $(TOOLS:$(BUILD)/bin/%=$(BUILD)/man/man1/%.1)

all: $(TOOLS)                                ## the tools, in build/bin (default)
units: $(UNITS) $(KERNELS)                   ## the unit tests, in build/tests
robusts: $(ROBUSTS)                          ## the programs that tests/robust needs
# make CC=clang BUILD=build/fuzz SANITIZE=fuzzer-no-link,address,undefined fuzzers
fuzzers: $(FUZZERS)                          ## the programs of tests/fuzz, which need clang
slows: $(SLOWS)                              ## the programs that only make check-all runs
objects: $(OBJECTS)                          ## compile, do not link
man: $(MAN)                                  ## man pages, in build/man
.PHONY: all units robusts slows objects man check check-all check-quick check-asan check-distros check-cuda lint tidy format \
        demo bench bench-cuda cuda fuzzers emulated device-tests deps install uninstall bundle clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:

# What both sides of the CUDA plug-in are compiled from; the stamp is its checksum: a plug-in of other sources is refused.
SHARED_H  := $(sort $(wildcard libshared/graph/*.h libshared/graph/*.def libshared/base/dtype.h libshared/base/choice.h))
STAMP     := $(shell cat $(SHARED_H) | cksum | cut -d ' ' -f 1)u

# --- what the machine must have: probed once; `make demo`, `check*`, `bench*`, `bundle` and `deps` also install -----------
GOALS     := $(or $(MAKECMDGOALS),all)
DEPS_MODE := $(if $(filter demo check% bench bench-cuda bundle deps,$(GOALS)),install,probe)
ifneq ($(filter-out clean help format uninstall check-distros,$(GOALS)),)
include $(BUILD)/config-$(BLAS).mk
endif
$(BUILD)/config-$(BLAS).mk: mk/deps.sh
	@mkdir -p $(@D)
	@BLAS=$(BLAS) CC='$(CC)' mk/deps.sh $(DEPS_MODE) build
	@BLAS=$(BLAS) CC='$(CC)' mk/deps.sh flags > $@
$(BUILD)/deps-%: mk/deps.sh
	@mkdir -p $(@D)
	@mk/deps.sh $(DEPS_MODE) $* && touch $@
deps:                                        ## install what building, demo and check need
	@BLAS=$(BLAS) mk/deps.sh install build demo check

# --- objects; all are made again when compiler or flags change ------------------------------------------------------------
# Files that hold a text, and are touched only when it changes: flags, the list of library sources, the version.
define keep
	@mkdir -p $(@D)
	@text=$$(printf '%s' $(1)) && [ -e $@ ] && [ "$$text" = "$$(cat $@)" ] || printf '%s\n' "$$text" > $@
endef
$(BUILD)/flags: FORCE
	$(call keep,'$(CC) $(GK_CFLAGS) / $(KERNEL_CFLAGS)')
$(BUILD)/nvcc-flags: FORCE
	$(call keep,'$(NVCC) $(NVCC_FLAGS)')
$(BUILD)/sources: FORCE
	$(call keep,'$(LIB_SRC) $(CPU_SRC) $(PART_SRC)')
$(BUILD)/version: FORCE
	$(call keep,"$$(mk/version.sh $(VERSION))")

define compile
	@mkdir -p $(@D)
	@echo "cc $(@:$(BUILD)/%=%)"
	$(Q)$(CC) $(GK_CFLAGS) $(1) -MMD -MP -c $< -o $@
endef
$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(call compile)

$(BUILD)/obj/libshared/graph/plugin.o: libshared/graph/plugin.c $(BUILD)/flags $(SHARED_H)
	$(call compile,-DGK_PLUGIN_STAMP=$(STAMP))

# Version and flags are known to one object only, so that a commit rebuilds one file.
$(BUILD)/obj/libshared/base/options.o: libshared/base/options.c $(BUILD)/flags $(BUILD)/version
	$(call compile,-DGK_VERSION='"$(shell cat $(BUILD)/version)"' -DGK_FLAGS='"$(strip $(CHECKED) $(CPPFLAGS) $(CFLAGS))"')

# The kernels are compiled once per real type; ld -r and objcopy leave only each build's vtable visible, so that a kernel
# that is missing stays undefined, and no program links.
define cpu_build
$(BUILD)/obj/cpu_f$(1)/%.o: libshared/cpu/%.c $(BUILD)/flags
	$$(call compile,$(KERNEL_CFLAGS) -DGK_REAL_BITS=$(1))
$(BUILD)/obj/cpu_f$(1).o: $(CPU_SRC:libshared/cpu/%.c=$(BUILD)/obj/cpu_f$(1)/%.o) $(BUILD)/sources
	$(Q)$(LD) -r -o $$@.tmp $$(filter %.o,$$^) && $(OBJCOPY) --keep-global-symbol=gk_backend_cpu_f$(1) $$@.tmp $$@ && rm -f $$@.tmp
	@! $(NM) -u $$@ | grep ' cpu_' || { echo '$$@: kernels missing' >&2; exit 1; }
$(BUILD)/obj/tests/kernel/%_f$(1).o: tests/kernel/%.c $(BUILD)/flags
	$$(call compile,$(KERNEL_CFLAGS) -DGK_REAL_BITS=$(1))
endef
$(eval $(call cpu_build,32))
$(eval $(call cpu_build,64))

# --- the CUDA plug-in -------------------------------------------------------------------------------------------------------
# It exports one function and imports none of ours; what both sides share is compiled into it.  The same
# sources run on the host, over tests/emulator, as build/emulated: that is how `make check` tests them without a device.
CUDA_HOME  ?= $(patsubst %/bin/nvcc,%,$(or $(shell command -v nvcc),/usr/local/cuda/bin/nvcc))
NVCC       ?= $(CUDA_HOME)/bin/nvcc
CUDA_ARCHS ?= 80 90
CXX        ?= c++
CUDA_SRC   := $(wildcard cuda/*.cu)
CUDA_C     := problem optim ops holders
CUDA_BASE  := $(addprefix libshared/base/,philox.h bf16.h rng.h)
CUDA_DEFS   = -Ilibshared -DGK_PLUGIN_STAMP=$(STAMP)
PLUGIN      = $(BUILD)/lib/libgrok-cuda.so
EMULATED    = $(BUILD)/emulated/libgrok-cuda.so
CXXFLAGS_GK = -fPIC -fvisibility=hidden -Wall -Wextra $(WERR)
newest      := $(lastword $(sort $(CUDA_ARCHS)))
# -O1 is of the host's side, which launches; kernels are compiled with -O3, unless CUDAFLAGS, the user's, say otherwise
NVCC_FLAGS  = -std=c++17 -O1 --fmad=true -Wno-deprecated-gpu-targets $(if $(WERR),-Werror all-warnings) \
              $(foreach arch,$(CUDA_ARCHS),-gencode arch=compute_$(arch),code=sm_$(arch)) \
              -gencode arch=compute_$(newest),code=compute_$(newest) \
              -Xcompiler=$(subst $(space),$(comma),$(strip $(CXXFLAGS_GK))) $(CUDAFLAGS)
# <folder>/<file>_<bits>.o of every source; plugin.cu once.  16 are the kernels of ops, which say GK_CELLS, for activations that
# are stored in bfloat16
CUDA_CELLS  := $(shell grep -l '^namespace GK_CELLS' $(CUDA_SRC))
cuda_objects = $(foreach bits,32 64,$(patsubst cuda/%.cu,$(1)/%_$(bits).o,$(filter-out cuda/plugin.cu,$(CUDA_SRC)))) \
               $(patsubst cuda/%.cu,$(1)/%_16.o,$(CUDA_CELLS)) $(1)/plugin_32.o $(CUDA_C:%=$(1)/%.o)
# The emulator's header is read once: it is a third of what compiling takes.  It must not know the stamp, which changes with any
# source.  nvcc includes its own in every file, too.
EMULATED_H  = $(BUILD)/obj/emulated/once/cuda_runtime.h.gch
EMULATED_CXX = $(CXX) -std=c++17 -O1 -g1 $(CXXFLAGS_GK) $(CHECKED) -Itests/emulator -Ilibshared
$(EMULATED_H): $(wildcard tests/emulator/*.h) $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "c++ $(@:$(BUILD)/%=%)"
	$(Q)$(EMULATED_CXX) -x c++-header tests/emulator/cuda_runtime.h -o $@
define cuda_build
$(BUILD)/obj/cuda/%_$(1).o: cuda/%.cu $(wildcard cuda/*.h) $(SHARED_H) $(CUDA_BASE) $(BUILD)/nvcc-flags
	@mkdir -p $$(@D)
	@echo "nvcc $$(@:$(BUILD)/%=%)"
	$$(Q)$$(NVCC) $$(NVCC_FLAGS) $$(CUDA_DEFS) $(2) -c $$< -o $$@
$(BUILD)/obj/emulated/%_$(1).o: cuda/%.cu $(SHARED_H) $(BUILD)/flags $(EMULATED_H)
	@mkdir -p $$(@D)
	@echo "c++ $$(@:$(BUILD)/%=%)"
	$$(Q)$$(EMULATED_CXX) $$(CUDA_DEFS) -x c++ -include $$(EMULATED_H:.gch=) $(2) -MMD -MP -c $$< -o $$@
endef
$(eval $(call cuda_build,32,-DGK_REAL_BITS=32))
$(eval $(call cuda_build,64,-DGK_REAL_BITS=64))
$(eval $(call cuda_build,16,-DGK_REAL_BITS=32 -DGK_NARROW=1))
$(CUDA_C:%=$(BUILD)/obj/cuda/%.o) $(CUDA_C:%=$(BUILD)/obj/emulated/%.o): $(BUILD)/obj/%.o: $(SHARED_H) $(BUILD)/flags
	$(Q)mkdir -p $(@D) && $(CC) $(GK_CFLAGS) -fPIC -fvisibility=hidden -c libshared/graph/$(basename $(@F)).c -o $@
$(CUDA_C:%=$(BUILD)/obj/cuda/%.o) $(CUDA_C:%=$(BUILD)/obj/emulated/%.o): $(CUDA_C:%=libshared/graph/%.c)
$(PLUGIN): $(call cuda_objects,$(BUILD)/obj/cuda)
	@mkdir -p $(@D)
	@echo "ld $(@:$(BUILD)/%=%)"
	$(Q)$(NVCC) -shared -cudart static $^ -o $@ -L$(CUDA_HOME)/lib64 -lcublasLt -Xlinker -z,defs -Xlinker --exclude-libs,ALL
$(EMULATED): $(call cuda_objects,$(BUILD)/obj/emulated)
	@mkdir -p $(@D)
	@echo "ld $(@:$(BUILD)/%=%)"
	$(Q)$(CXX) -shared $(CHECKED) $^ -o $@ $(if $(CHECKED),,-Wl$(comma)-z$(comma)defs)
cuda:                                        ## the CUDA plug-in, in build/lib
	@command -v $(NVCC) > /dev/null || { echo >&2 'make cuda: no nvcc: install the CUDA toolkit, or say NVCC=FILE;' \
	    'without the plug-in the tools run on the CPU'; exit 1; }
	@$(MAKE) --no-print-directory $(PLUGIN)
emulated: $(EMULATED)                        ## the same sources on the host, for tests without a device

# Unit tests of engines and models, and those of tests/cuda, with the backends of a plug-in in place of the CPU's.
DEVICE_UNITS := $(patsubst %,tests/unit/test_%.c,engine optim muon constraint batches evaluate distill mlp transformer resnet \
                  lstm models freeze) \
                $(wildcard tests/cuda/test_*.c)
DEVICE_TESTS := $(foreach test,$(DEVICE_UNITS),$(BUILD)/device/$(notdir $(test:.c=)))
vpath test_%.c tests/unit tests/cuda
$(BUILD)/obj/device/%.o: %.c $(BUILD)/flags
	$(call compile,-DGK_TEST_PLUGIN)
$(DEVICE_TESTS): $(BUILD)/device/%: $(BUILD)/obj/device/%.o $(LIB)
	$(link)
device-tests: $(DEVICE_TESTS)                ## the tests that check-cuda runs, in build/device

# --- library and programs -------------------------------------------------------------------------------------------------
define archive
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)
endef
define link
	@mkdir -p $(@D)
	@echo "ld $(@:$(BUILD)/%=%)"
	$(Q)$(CC) $(GK_CFLAGS) $(LDFLAGS) $^ $(GK_LIBS) -o $@
endef
$(LIB): $(call obj,$(LIB_SRC)) $(CPU_OBJ) $(BUILD)/sources
	$(archive)
$(BUILD)/lib/parts.a: $(call obj,$(PART_SRC)) $(BUILD)/sources
	$(archive)
$(C_TOOLS): $(BUILD)/bin/%: $(BUILD)/obj/tools/%.o $(BUILD)/lib/parts.a $(LIB)
	$(link)
# Unit tests may call what tools share, too.
$(UNITS): $(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/lib/parts.a $(LIB)
	$(link)
# The tests of kernels call what the archive hides: they take the objects of one real type themselves.
define kernel_link
$(filter %_f$(1),$(KERNELS)): $(BUILD)/tests/%: $(BUILD)/obj/tests/kernel/%.o \
                              $(CPU_SRC:libshared/cpu/%.c=$(BUILD)/obj/cpu_f$(1)/%.o) $(LIB)
	$$(link)
endef
$(eval $(call kernel_link,32))
$(eval $(call kernel_link,64))
$(filter-out %.so,$(ROBUSTS)): $(BUILD)/robust/%: $(BUILD)/obj/tests/robust/%.o $(LIB)
	$(link)
$(FUZZERS): $(BUILD)/fuzzers/%: $(BUILD)/obj/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	@echo "ld $(@:$(BUILD)/%=%)"
	$(Q)$(CC) $(GK_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ $(GK_LIBS) -o $@
$(SLOWS): $(BUILD)/slow/%: $(BUILD)/obj/tests/slow/%.o $(LIB)
	$(link)
# Libraries for LD_PRELOAD.
$(filter %.so,$(ROBUSTS)): $(BUILD)/robust/%.so: tests/preload/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "ld $(@:$(BUILD)/%=%)"
	$(Q)$(CC) -std=c11 $(filter-out -Wmissing-prototypes,$(WARNINGS)) $(CFLAGS) -fPIC -shared $< -ldl -o $@
$(BENCHES): $(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(LIB)
	$(link)
$(SCRIPTS:tools/%=$(BUILD)/bin/%): $(BUILD)/bin/%: tools/%
	@mkdir -p $(@D)
	$(Q)install -m 755 $< $@
# Scripts of tools read the figures' scripts from the tree, as those of a bundle do from there.
$(SCRIPTS:tools/%=$(BUILD)/bin/%): | $(BUILD)/share/groktools/pipelines
$(BUILD)/share/groktools/pipelines:
	@mkdir -p $(@D)
	$(Q)ln -sfn $(call quoted,$(CURDIR)/pipelines) $@
# --- tests ----------------------------------------------------------------------------------------------------------------
# What was said on the command line holds for what the tests make, too; make alone can read it.
said  = $(if $(MAKEOVERRIDES),-- $(MAKEOVERRIDES))
CHECK = env -u MFLAGS -u MAKELEVEL MAKE=$(call quoted,$(MAKE)) MAKEFLAGS=$(call quoted,$(said)) BUILD='$(BUILD)' tests/check.sh
check: $(BUILD)/deps-check $(BUILD)/deps-demo            ## all tests, under ten minutes; ends with "N passed, N failed"
	@+$(CHECK) build clang cuda unit cases tidy sanitize emulated robust
check-all: $(BUILD)/deps-check $(BUILD)/deps-demo $(BUILD)/deps-fuzz $(BUILD)/slurm-or-not  ## the same, and tests/slow
	@+$(CHECK) build clang cuda unit cases tidy sanitize emulated robust slow
$(BUILD)/slurm-or-not: mk/deps.sh            # tests/slow/slurm.sh says so if it is not there
	@mk/deps.sh install slurm || true
	@touch $@
check-quick: $(BUILD)/deps-check $(BUILD)/deps-demo      ## unit tests, command line, lint; under one minute
	@+$(CHECK) build unit cases
check-asan: $(BUILD)/deps-check              ## unit tests under the address and undefined-behaviour sanitizers
	@+$(CHECK) sanitize
check-distros:                               ## both commands on Debian 13 and unstable, unit tests on arm64; as root, hours
	@tests/distros.sh $(DISTROS)
# MINUTES=N: the most important parts first, and what did not fit is named; PARTS=A,B: these parts only
check-cuda: all cuda device-tests            ## the tests of the CUDA plug-in, on a device; status 3: there is none
	@BUILD='$(BUILD)' tests/check-cuda.sh $(if $(MINUTES),--minutes '$(MINUTES)') $(if $(PARTS),--parts '$(PARTS)')
lint: all                                    ## style rules that a script can judge
	@BUILD='$(BUILD)' tests/run tests/lint/
tidy: $(BUILD)/deps-check                    ## clang-tidy, no warnings allowed (of FILES="...", or all)
	@GK_CFLAGS='$(filter-out -march=% -W%,$(GK_CFLAGS)) -DGK_PLUGIN_STAMP=$(STAMP)' tests/tidy.sh $(FILES)
format:                                      ## clang-format on the files given as FILES="..."
	clang-format -i $(FILES)
bench: all $(BENCHES)                        ## speed, as rows of TSV
	@BUILD='$(BUILD)' tests/bench/run
bench-cuda: all cuda $(BENCHES)                   ## speed on the GPU, beside PyTorch and JAX
	@BUILD='$(BUILD)' tests/bench/run-cuda --save $(if $(MINUTES),--minutes '$(MINUTES)') $(if $(PARTS),--parts '$(PARTS)')
demo: $(BUILD)/deps-demo all                 ## teacher, student alone, student taught; figure and claims: build/figures
	@BUILD='$(BUILD)' PATH="$$(cd '$(BUILD)/bin' && pwd):$$PATH" pipelines/demo.sh

# --- figures --------------------------------------------------------------------------------------------------------------
include pipelines/figures.mk

# --- installation ---------------------------------------------------------------------------------------------------------
$(MAN): $(BUILD)/man/man1/%.1: $(BUILD)/bin/% | $(BUILD)/deps-man
	@mkdir -p $(@D)
	$(Q)mk/man.sh $< > $@
INSTALL = BUILD='$(BUILD)' DESTDIR=$(call quoted,$(DESTDIR)) PREFIX=$(call quoted,$(PREFIX)) \
          VERSION='$(VERSION)' PKGS='$(PKGS)' mk/install.sh
install: all man $(LIB)                      ## into DESTDIR/PREFIX (default /usr/local)
	@$(INSTALL)
uninstall:                                   ## remove what install wrote
	@$(INSTALL) --remove
# For a cluster: make bundle ARCH=x86-64-v3, and what else mk/bundle.sh says.
bundle: all $(BUILD)/deps-bundle             ## tools with their libraries, for machines without: build/bundle
	@BUILD='$(BUILD)' mk/bundle.sh
clean:                                       ## remove build/
	rm -rf $(BUILD)
help:                                        ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' Makefile pipelines/figures.mk | expand -t 14

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
