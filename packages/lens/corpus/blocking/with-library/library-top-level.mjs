// Nothing but the library's code runs: its timer blocks.
import "slow-timer";
