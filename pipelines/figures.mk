# figures.mk -- the figures of papers as targets.  The rules for their checkpoints are printed by the scripts themselves
# (figures.sh).
#
#   make kd-fig4b SCALE=paper SEEDS='0 1' TASKS=add      make -j2 kd      make kd-fig4-quick      make claims
#   make kd FROM=results.tar    what grok-paper trained elsewhere: nothing is trained, what is not there is left out
ifeq ($(FROM),)
SCALE   ?= quick
endif
PAPERS  := binary eff kd muon omni shift
FIGURES := $(sort $(basename $(notdir $(foreach paper,$(PAPERS),$(wildcard pipelines/$(paper)-*.sh)))))
# Panels that have scripts of their own go by the name of their figure, too: kd-fig4 is kd-fig4a and kd-fig4b.
PANELS  := a b c d e f
WHOLE   := $(sort $(foreach panel,$(PANELS),$(patsubst %$(panel),%,$(filter %$(panel),$(FIGURES)))))

# What scripts read from their environment.  Make 4.3 does not hand to $(shell) what it exports to recipes: it is said there.
SETTINGS := SCALE SEEDS TASKS DEVICE THREADS PRECISION TEMPERATURE KD_WEIGHT OPTIMIZERS FRACTIONS KD_SETTINGS MAP_SEEDS \
            SIZES DRAW READING VARIANT MODELS ENCODER_SEEDS LARGE_SEEDS PARTIAL GROK_DATA BUILD
SAID     := $(foreach setting,$(SETTINGS),$(if $($(setting)),$(setting)=$(call quoted,$($(setting)))))
$(foreach setting,$(SETTINGS),$(if $($(setting)),$(eval export $(setting))))

ASKED := $(foreach paper,$(PAPERS),$(if $(filter figures $(paper) $(paper)-%,$(GOALS)),$(paper)))
ifeq ($(FROM),)
# The rules of the papers that are asked for: PAPER.rules.mk.
define rules
$(shell rm -rf $(BUILD)/$(1)/rules && mkdir -p $(BUILD)/$(1)/rules && \
        for figure in $(filter $(1)-%,$(FIGURES)); do $(SAID) RULES=make pipelines/$$figure.sh || exit 1; done \
        > $(BUILD)/$(1)/rules.mk || rm -f $(BUILD)/$(1)/rules.mk)
include $(BUILD)/$(1)/rules.mk
endef
$(foreach paper,$(ASKED),$(eval $(call rules,$(paper))))
else
# What an archive has of them.
unpacked: all
	@rm -rf $(BUILD)/from && mkdir -p $(BUILD)/from && tar -xf $(call quoted,$(FROM)) -C $(BUILD)/from
$(FIGURES): unpacked
	@pipelines/from.sh $(BUILD)/from $@
.PHONY: unpacked $(FIGURES)
endif
ifneq ($(ASKED),)
export PATH := $(shell mkdir -p $(BUILD)/bin && cd $(BUILD)/bin && pwd):$(PATH)
endif

binary: $(filter binary-%,$(FIGURES))        ## all figures of BINARY and their claims: build/binary/SCALE
eff: $(filter eff-%,$(FIGURES))              ## all figures of EFF and their claims: build/eff/SCALE
kd: $(filter kd-%,$(FIGURES))                ## all figures of KD and their claims: build/kd/SCALE
muon: $(filter muon-%,$(FIGURES))            ## all figures of MUON and their claims: build/muon/SCALE
omni: $(filter omni-%,$(FIGURES))            ## all figures of OMNI and their claims: build/omni/SCALE
shift: $(filter shift-%,$(FIGURES))          ## all figures of SHIFT and their claims: build/shift/SCALE
figures: $(PAPERS)                           ## all figures of all papers
claims: all                                  ## every claim judged so far: docs/claims.md
	@PATH="$$(cd '$(BUILD)/bin' && pwd):$$PATH" pipelines/claims.sh docs/claims.md
$(foreach figure,$(WHOLE),$(eval $(figure): $(filter $(PANELS:%=$(figure)%),$(FIGURES))))
QUICK := $(PAPERS:%=%-quick) $(WHOLE:%=%-quick) $(FIGURES:%=%-quick)
$(QUICK): %-quick:
	@$(MAKE) $* SCALE=quick
.PHONY: figures $(PAPERS) claims $(WHOLE) $(QUICK)
