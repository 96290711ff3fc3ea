#!/usr/bin/env bash
# Everything that a machine with an NVIDIA GPU and Python with torch is asked, in one command and within 8 minutes: parity with
# the CPU, the speed of every net in f32 and f16 beside the peers that are installed, and one Linear + LIF layer of 4096 to
# 16384 neurons over 500 steps (the workload of the Open Neuromorphic benchmark).
#
#   examples/gpu/compare.sh SYNFIRE MNIST [OUT] [DEVICE]
#
# SYNFIRE is a program that was built beforehand, for example on a machine with the CUDA toolkit by
#
#   cargo build --release -p synfire-cli --features cuda && strip target/release/synfire
#
# MNIST is the folder of the data set, DEVICE a name of `synfire devices`: cuda, or vulkan or wgpu; the first of these that it
# has if not given. `cpu` for the peers where torch has no GPU: the script can be tried on any machine that way. Needs
# Python with numpy; torch, jax, norse, snntorch and spikingjelly are used where they are. Writes RUNS.json, TABLE.md and
# PARITY.txt into OUT (gpu-comparison).
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ $# -lt 2 ]; then
    sed -n '2,20p' "$0" | sed 's/^# \{0,1\}//'
    exit 2
fi
synfire=$1 data=$2 out=${3:-gpu-comparison} device=${4:-}
mkdir -p "$out"
if [ -z "$device" ]; then
    for name in cuda vulkan wgpu; do
        if "$synfire" devices | grep -q "^$name"; then
            device=$name
            break
        fi
    done
fi
if [ -z "$device" ]; then
    echo "this build of $synfire has no GPU; build it with --features cuda, vulkan or wgpu" >&2
    exit 1
fi
torch=cpu
python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null && torch=cuda
echo "Synfire on $device, peers on $torch" | tee "$out/PARITY.txt"

# The same first losses as the CPU has: spikes are the same bits until roundings of products differ.
steps="--warmup 4 --steps 1"
for net in mlp conv rec csnn; do
    weights=()
    if [ $net != csnn ]; then
        python3 examples/parity_weights.py --net $net "$out/$net.npz"
        weights=(--weights "$out/$net.npz")
    fi
    for where in flex "$device"; do
        # shellcheck disable=SC2086
        timeout 120 "$synfire" bench --net $net "${weights[@]}" --data "$data" --device "$where" $steps --batch 16 \
            >"$out/$net-${where//:/-}.json" || echo "{}" >"$out/$net-${where//:/-}.json"
    done
    python3 - "$net" "$out/$net-flex.json" "$out/$net-${device//:/-}.json" <<'PYTHON' | tee -a "$out/PARITY.txt"
import json, sys

net, *files = sys.argv[1:]
cpu, gpu = [json.load(open(file)).get("loss_early", []) for file in files]
if not cpu or not gpu:
    print(f"{net}: did not run")
else:
    # dropout of csnn draws from each device's own numbers
    limits = [1e-4, 1e-3, 5e-2, 5e-2] if net != "csnn" else [5e-2] * 4
    good = all(abs(a - b) <= limit * max(1, abs(a)) for a, b, limit in zip(cpu, gpu, limits))
    print(f"{net}: {'same' if good else 'DIFFERENT'}; cpu {cpu}; device {gpu}")
PYTHON
done

compare=(python3 examples/compare.py --synfire "$synfire" --data "$data" --synfire-device "$device" --device "$torch")
common=(--repeats 2 --seconds 60 --works mlp mlp-poisson conv rec csnn)
timeout 200 "${compare[@]}" "${common[@]}" --out "$out/f32" || echo "f32: not finished" >&2
timeout 60 "${compare[@]}" "${common[@]}" --peers --precision f16 --out "$out/f16" || echo "f16: not finished" >&2

# One Linear + LIF layer, batch 16, 500 steps: forward and backward of the neurons in s.
for neurons in 4096 8192 16384; do
    timeout 60 "$synfire" bench layer --hidden $neurons --T 500 --batch 16 --warmup 2 --steps 5 --device "$device" \
        >>"$out/layer.jsonl" || echo "layer of $neurons: did not run" >&2
done

python3 - "$out" <<'PYTHON'
import json, pathlib, sys

out = pathlib.Path(sys.argv[1])
runs = {}
for precision in ("f32", "f16"):
    file = out / precision / "RUNS.json"
    runs[precision] = json.loads(file.read_text()) if file.exists() else {}
layer = out / "layer.jsonl"
runs["layer"] = [json.loads(line) for line in layer.read_text().splitlines()] if layer.exists() else []
runs["parity"] = (out / "PARITY.txt").read_text().splitlines()
(out / "RUNS.json").write_text(json.dumps(runs, indent=1))
parts = ["# Parity", "", *(f"- {line}" for line in runs["parity"]), ""]
for precision in ("f32", "f16"):
    file = out / precision / "TABLE.md"
    parts += [f"# {precision}", "", file.read_text() if file.exists() else "did not finish", ""]
parts += ["# One Linear + LIF layer, batch 16, 500 steps", "", "| neurons | forward, s | backward, s |", "|---|---|---|"]
parts += [f"| {run['hidden']} | {run['forward_ms'] / 1e3:.4f} | {run['backward_ms'] / 1e3:.4f} |" for run in runs["layer"]]
(out / "TABLE.md").write_text("\n".join(parts) + "\n")
print((out / "TABLE.md").read_text())
PYTHON
