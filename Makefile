# make build | engine | demo | test | docs | check | bench
.PHONY: build engine demo test docs check bench setup

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

# The tests share the release build with the tool and the examples, which are packages of their own.
# scripts/test prints suites, failures and the total.
test: engine
	swift build -c release --package-path Examples/Answer --scratch-path .build
	swift build -c release --package-path Examples/Fuse --scratch-path .build
	swift build -c release --build-tests
	scripts/test

# The documentation of the library, in .build/plugins/Swift-DocC/outputs.
docs:
	scripts/docs

# What a reviewer's machine checks besides the tests.
check: setup
	scripts/check

# Speed beside transformers, cp, mergekit and PyTorch, as ratios.
bench: build
	scripts/bench
	scripts/bench-fusion
	scripts/bench-retrieval
	scripts/bench-encoding
	scripts/bench-answering
	scripts/bench-drawing
	scripts/bench-serving

setup:
	@scripts/setup
