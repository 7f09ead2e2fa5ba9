# kd.mk -- the figures of KD as targets.  The rules for their checkpoints are printed by the scripts themselves (kd.sh).
#
#   make kd-fig4b SCALE=paper SEEDS='0 1' TASKS=add      make -j2 kd      make claims
SCALE      ?= quick
KD_FIGURES := $(sort $(basename $(notdir $(wildcard pipelines/kd-*.sh))))
export SCALE SEEDS TASKS DEVICE THREADS TEMPERATURE KD_WEIGHT BUILD

ifneq ($(filter kd% claims,$(GOALS)),)
KD_RULES := $(BUILD)/kd/rules.mk
$(shell rm -rf $(BUILD)/kd/rules && mkdir -p $(BUILD)/kd/rules && \
        for figure in $(KD_FIGURES); do RULES=1 pipelines/$$figure.sh || exit 1; done > $(KD_RULES) || rm -f $(KD_RULES))
export PATH := $(abspath $(BUILD)/bin):$(PATH)
include $(KD_RULES)
endif

kd: $(KD_FIGURES)                            ## all figures of KD and their claims: build/kd/SCALE
claims: all                                  ## every claim judged so far: docs/claims.md
	@PATH="$(abspath $(BUILD))/bin:$$PATH" pipelines/claims.sh docs/claims.md
$(KD_FIGURES:%=%-quick): %-quick:
	@$(MAKE) $* SCALE=quick
.PHONY: kd claims $(KD_FIGURES:%=%-quick)
