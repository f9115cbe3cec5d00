// Islands of the desk: keys for the list, and one box that ticks all of them.
import "./keys.js";
import "./ticks.js";
