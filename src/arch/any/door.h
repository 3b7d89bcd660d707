/* SPDX-License-Identifier: MIT */
/* door.h in C: for CPUs without a file of their own, and for ThreadSanitizer,
   which cannot see into assembly. */
static inline enum door door_add(uint32_t *state, int32_t amount)
{
	uint32_t s =
		__atomic_add_fetch(state, (uint32_t)amount, __ATOMIC_ACQ_REL);

	if (__builtin_expect(door_is_open(s), 1))
		return DOOR_OPEN;
	return (int32_t)s < 0 ? DOOR_BELOW : DOOR_CLOSED;
}
