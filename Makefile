# make build | engine | demo | test | check | bench
.PHONY: build engine demo test check bench setup

build: engine
	swift build -c release

# The engine alone, a package of its own: programs find it there, those of packages that depend on
# this one, too. SwiftPM makes all files of a checkout that it updates read-only, these with them.
engine: setup
	@if [ -d Engine/.build ]; then chmod -R u+w Engine/.build; fi
	swift build -c release --package-path Engine

# Fuses the shipped parents, tunes the result for minutes, asks it: demo/answers.html.
demo: build
	scripts/demo

# The tests use public interfaces alone, so they share the release build with the tool; one at a
# time, because some count the tensors that are alive.
test: engine
	swift build -c release --build-tests
	swift test -c release --skip-build --no-parallel

# What a reviewer's machine checks besides the tests.
check: setup
	scripts/check

# Speed beside transformers, cp, mergekit and PyTorch, as ratios.
bench: build
	scripts/bench
	scripts/bench-fusion
	scripts/bench-retrieval
	scripts/bench-encoding

setup:
	@scripts/setup
