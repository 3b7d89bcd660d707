/* SPDX-License-Identifier: MIT */
/*
 * One locked instruction and one jump.  The sum's low byte holds nothing but
 * the two flags, and the CPU's parity flag says of that byte whether an odd
 * number of bits is set: that is the open door.  Not so: out of line, where
 * the sign flag, which is the count's, is still there to be asked.
 */
static inline enum door door_add(uint32_t *state, int32_t amount)
{
	__asm__ goto("lock addl %1, %0\n\t"
		     "jp 1f\n\t"
		     ".subsection 1\n"
		     "1:\tjs %l[below]\n\t"
		     "jmp %l[closed]\n\t"
		     ".previous"
		     :
		     : "m"(*state), "er"(amount)
		     : "memory", "cc"
		     : closed, below);
	return DOOR_OPEN;
closed:
	return DOOR_CLOSED;
below:
	return DOOR_BELOW;
}
