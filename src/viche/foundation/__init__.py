"""Foundation: what every room stands on: ids, the clock, keys, Refused, Actor, and the parts of the interface."""
