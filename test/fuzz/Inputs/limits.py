"""What an input may cost, here and where a bundle runs."""
HANG = 5  # seconds an input
MEMORY = 512  # MB of the whole program, with what a sanitizer takes
LIMITS = ["-timeout=%d" % HANG, "-rss_limit_mb=%d" % MEMORY, "-max_len=16384", "-print_final_stats=1", "-close_fd_mask=2"]
WHOLE = ["-timeout=60", "-max_len=%d" % (16 << 20)]  # of a file that was made by hand
# Freed memory is kept back by the sanitizer to find uses of it; by default that is as much as all that we allow.
SANITIZER = "quarantine_size_mb=16:detect_container_overflow=0"
