#!/bin/sh
# Lists the recordings of the Free Spoken Digit Dataset, DIGIT_SPEAKER_INDEX.wav, with the official split: the indices 0 to 4
# of each speaker and digit are for testing.
#
#   git clone https://github.com/Jakobovski/free-spoken-digit-dataset fsdd
#   sh examples/spoken_digits.sh fsdd
set -eu
cd "$1"
ls recordings | awk -F'[_.]' 'BEGIN { print "file,label,split" }
    { print "recordings/" $0 "," $1 "," ($3 < 5 ? "test" : "train") }' > digits.csv
