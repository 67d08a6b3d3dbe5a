# CloudPipe: every target sets up what it needs by itself; see README.md.
SHELL := /bin/bash
# Idle OpenMP threads sleep: beside ffmpeg, spinning ones make a network several times slower.
export OMP_WAIT_POLICY ?= passive
.DEFAULT_GOAL := help

.PHONY: help setup demo test test-long bench bench-gpu ablation rehearse format clean

help: ## Lists the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Installs system packages, Azurite and the bicep parser, restores and builds.
	@infra/make/setup.sh base

demo: ## Scores PipeSim clips and real footage on this machine, and shows the results.
	@infra/make/setup.sh demo
	@infra/make/demo.sh

test: ## Runs every test that takes minutes; the last line counts them.
	@infra/make/setup.sh base
	@infra/make/test.sh 'Category!=Long'

test-long: ## Runs the tests that take longer: kills, growth, fuzzing.
	@infra/make/setup.sh base
	@infra/make/test.sh 'Category=Long'

bench: ## Runs the benchmarks against their peers (OpenCV, PyTorch, bare SQLite).
	@infra/make/setup.sh bench
	@infra/make/bench.sh

bench-gpu: ## Measures networks on a CUDA device against PyTorch; ARGS='resnet50 --out FILE.md'.
	@infra/make/bench-gpu.sh $(ARGS)

ablation: ## Redoes the papers' ablations on PipeSim, for hours; stopped, it goes on where it was.
	@infra/make/setup.sh base
	@infra/make/ablation.sh $(ARGS)

rehearse: ## Sends 10,000 small inspections through real processes on SQLite and Azurite, for hours; ARGS='--inspections 500 --workers 2'.
	@infra/make/setup.sh base
	@dotnet tests/Benchmarks/bin/Release/net10.0/cloudpipe-benchmarks.dll rehearse $(ARGS)

format: ## Formats the code.
	@dotnet format CloudPipe.sln
	@for project in infra/packages/*/*.csproj; do dotnet format "$$project" || exit 1; done

clean: ## Removes what builds leave behind.
	@git clean -fdX -e '!.vs' -- . ':!infra/azurite/node_modules' ':!infra/bicep-parser/node_modules'
