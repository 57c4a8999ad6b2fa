# bench_keys.py all|decode|mix: are the numbers of bench's JSON there, in order, and those not asked for null?
import json
import sys

ALWAYS = ["load_s", "resident_mb", "bytes_per_token", "huge_page_share"]
DECODE = ["decode_tokens_per_s", "read_gb_per_s", "probe_gb_per_s"]
OTHERS = ["prefill_tokens_per_s", "sequences_tokens_per_s", "prefill_gflops", "peak_f32_gflops"]

report = json.load(sys.stdin)
for key in ALWAYS + (DECODE if sys.argv[1] != "mix" else []) + (OTHERS if sys.argv[1] == "all" else []):
    spread = report[key]
    assert 0 <= spread["min"] <= spread["median"] <= spread["max"], key
    assert spread["max"] > 0 or key == "huge_page_share", key
if sys.argv[1] == "decode":
    assert all(report[key] is None for key in OTHERS)
mixed = report["mixed_tokens_per_s"]
assert report["mixed_prompt"] == 5 and mixed["max"] > 0 if sys.argv[1] == "mix" else mixed is None
assert report["bytes_per_token"]["median"] == 4
assert "peak_bf16_gflops" in report and "peak_int8_gops" in report
