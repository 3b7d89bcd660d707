/* SPDX-License-Identifier: MIT */
/*
 * The exec lock, step for step as in src/lock/execlock.c: every atomic
 * operation there is one step here, with the same names and the same bits (a
 * test compares the constants), except for what a fork does to the page.  An int
 * is signed here, as the count is there.  model/run says with which settings it
 * is checked, and which mutants (-DM_...) must be caught.
 *
 *	CREATORS, HOLDERS	how many of each; ROUNDS each of them goes, or
 *				FOREVER for the liveness properties
 *	TIMEOUTS		any wait may end in vain, at any time
 *	NESTED			the first creator nests
 *	DIES			the first holder dies while it holds the lock
 *	JUMPS			the first creator jumps away from inside, the
 *				first holder out of its hold; both go on
 *	USED			it has been used before
 *	FORKED			a child of a thread that forked inside a region
 *	HANDLED			a signal handler of this process execs in vain
 *				or creates a thread, once, at any moment
 */
#ifndef CREATORS
#define CREATORS 2
#endif
#ifndef HOLDERS
#define HOLDERS 2
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

#define EXECLOCK_READY	(1 << 0)
#define EXECLOCK_CLOSED	(1 << 1)
#define EXECLOCK_FLAGS	((1 << 8) - 1)
#define EXECLOCK_ONE	(1 << 8)
#define EXECLOCK_QUEUED	(1 << 31)

#define is_open(s)	(((s) & (EXECLOCK_READY | EXECLOCK_CLOSED)) == EXECLOCK_READY)
#define count(s)	((s) >> 8)

#define CHANNEL_CREATORS 1
#define CHANNEL_HOLDER 2

#define PROCESSES (CREATORS + HOLDERS + 1)

/* USED: not the first use in this process. */
#ifdef USED
int state = EXECLOCK_READY;
#else
int state;
#endif
int holder, waiting;

/* Who sleeps on which word, and on which channels. */
#define ON_STATE 1
#define ON_HOLDER 2
#define ON_WAITING 3
byte sleeps_on[PROCESSES];
byte channel[PROCESSES];

byte creators_in, holders_in;
bool broken;		/* somebody waited in vain: exclusion is off */

/* Thread-local there, and so common to a thread and its handlers. */
byte depths[PROCESSES];
#define depth depths[me]

/* Signals, while the holder does what it may because it is the holder. */
bool blocked[PROCESSES];

/* For the assertions only. */
byte counted[PROCESSES];	/* what of depth is in the count */
bool inside[PROCESSES], holds[PROCESSES];
byte handling;			/* whose handler runs; it runs alone */
bool creator_waits, holder_waits;

/* futex: compare and fall asleep in one step; the sleep may end in vain. */
inline futex_wait(on, word, value, channels, r)
{
	r = 0;
	atomic {
		if
		:: word == value -> sleeps_on[me] = on; channel[me] = channels
		:: else
		fi
	}
	if
	:: sleeps_on[me] == 0
#ifdef TIMEOUTS
	:: d_step { sleeps_on[me] != 0 -> sleeps_on[me] = 0; r = -1;
		broken = true }
#endif
	fi
}

inline futex_wake_all(on, channels)
{
	d_step {
		i = 0;
		do
		:: i < PROCESSES ->
			if
			:: sleeps_on[i] == on && (channel[i] & channels) ->
				sleeps_on[i] = 0
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0
	}
}

/* Wakes one of them: the first or the last. */
inline futex_wake_one(on)
{
	atomic {
		if
		:: true ->
			i = 0;
			do
			:: i < PROCESSES && sleeps_on[i] == on ->
				sleeps_on[i] = 0;
				break
			:: i < PROCESSES && sleeps_on[i] != on -> i++
			:: i >= PROCESSES -> break
			od
		:: true ->
			i = PROCESSES;
			do
			:: i > 0 && sleeps_on[i - 1] == on ->
				sleeps_on[i - 1] = 0;
				break
			:: i > 0 && sleeps_on[i - 1] != on -> i--
			:: i == 0 -> break
			od
		fi;
		i = 0
	}
}

inline initialise(own, flags)
{
	s = state;
	do
	:: atomic { !(s & EXECLOCK_READY) && state == s ->
		counted[me] = depth;
#ifdef M_INIT_WITHOUT_OTHERS
		state = depth * EXECLOCK_ONE | flags };
#else
		state = (s + (depth - own) * EXECLOCK_ONE) | flags };
#endif
		break
	:: atomic { !(s & EXECLOCK_READY) && state != s -> s = state }
	:: (s & EXECLOCK_READY) -> break
	od
}

inline open_door()
{
	state = state & ~EXECLOCK_CLOSED;
#ifndef M_OPEN_WITHOUT_WAKE
	futex_wake_all(ON_STATE, CHANNEL_CREATORS | CHANNEL_HOLDER)
#endif
}

/* What is left to do if the step `found` was not at an open door. */
inline left()
{
	if
	:: count(found) < 0 -> state = state + EXECLOCK_ONE
	:: else
	fi;
	s = state;
	if
	:: s == (EXECLOCK_READY | EXECLOCK_CLOSED) ->
#ifndef M_LEAVE_WITHOUT_WAKE
		futex_wake_all(ON_STATE, CHANNEL_HOLDER)
#endif
	:: else
	fi
}

inline step_back()
{
	atomic { state = state - EXECLOCK_ONE; found = state;
		counted[me] = counted[me] - 1 };
	if
	:: !is_open(found) ->
#ifndef M_STEP_BACK_WITHOUT_WAKE
		left()
#endif
	:: else
	fi
}

inline wait_for_door()
{
	r = 0;
	waiting = waiting + 1;
#ifndef M_NO_STEP_BACK
	step_back();
#endif
	do
	:: s = state;
		if
		:: !is_open(s) && r == 0 ->
			futex_wait(ON_STATE, state, s, CHANNEL_CREATORS, r)
		:: is_open(s) || r != 0 ->
			if
			:: !is_open(s) -> open_door()
			:: else
			fi;
			atomic { state = state + EXECLOCK_ONE; found = state;
				counted[me]++ };
			if
			:: is_open(found) || r != 0 -> break
			:: else -> step_back()
			fi
		fi
	od;
	/* stop_waiting */
	s = waiting;
	do
	:: s == 0 -> break
	:: s != 0 ->
		atomic {
			if
			:: waiting == s -> waiting = s - 1; break
			:: else -> s = waiting
			fi
		}
	od;
	if
	:: s == 1 ->
		futex_wake_all(ON_WAITING, CHANNEL_HOLDER)
	:: else
	fi
}

inline enter()
{
#ifdef M_COUNT_THEN_DEPTH
	atomic { state = state + EXECLOCK_ONE; found = state; counted[me]++ };
	depth++;
#else
	depth++;
	atomic { state = state + EXECLOCK_ONE; found = state; counted[me]++ };
#endif
#ifndef M_IGNORE_DOOR
	if
	:: !is_open(found) ->
		/* entered_closed() */
		s = state;
		if
		:: !(s & EXECLOCK_READY) ->
			initialise(1, EXECLOCK_READY);
			futex_wake_all(ON_STATE, CHANNEL_CREATORS);
			s = state
		:: else
		fi;
		if
		:: is_open(s)
#ifdef M_NESTED_WAITS
		:: !is_open(s) -> wait_for_door()
#else
		:: !is_open(s) && depth > 1
		:: !is_open(s) && depth <= 1 ->
			if
#ifndef M_OWN_EXEC_WAITS
			:: (holder & ~EXECLOCK_QUEUED) == me + 1
#endif
			:: else -> wait_for_door()
			fi
#endif
		fi
	:: else
	fi;
#endif
}

inline leave()
{
	/* A thread that is not counted takes it below zero, until it is put back or
	   mended: one exec may wait for one creator too few, as documented. */
	atomic { state = state - EXECLOCK_ONE; found = state;
		counted[me] = (counted[me] > 0 -> counted[me] - 1 : 0);
		broken = broken || count(found) < 0 };
	depth--;
	if
	:: !is_open(found) -> left()
	:: else
	fi
}

inline take_hold()
{
	w = 0;
	mine = me + 1;
	r = 0;
	do
	:: (w & ~EXECLOCK_QUEUED) == 0 || r != 0 ->
		atomic {
			if
			:: holder == w ->
				holder = mine | (w & EXECLOCK_QUEUED);
				break
			:: else -> w = holder
			fi
		}
#ifndef M_WAITS_FOR_ITSELF
	:: (w & ~EXECLOCK_QUEUED) == me + 1 && r == 0 -> break
	:: (w & ~EXECLOCK_QUEUED) != 0 && (w & ~EXECLOCK_QUEUED) != me + 1 && r == 0 ->
#else
	:: (w & ~EXECLOCK_QUEUED) != 0 && r == 0 ->
#endif
		s = w;
		if
		:: !(w & EXECLOCK_QUEUED) ->
			atomic {
				if
				:: holder == w ->
#ifndef M_WITHOUT_QUEUED
					holder = w | EXECLOCK_QUEUED;
#endif
					s = w | EXECLOCK_QUEUED
				:: else -> w = holder; s = 0
				fi
			}
		:: else
		fi;
#ifdef M_WITHOUT_QUEUED
		s = s & ~EXECLOCK_QUEUED;
#endif
		if
		:: s != 0 ->
			futex_wait(ON_HOLDER, holder, s, CHANNEL_HOLDER, r);
#ifndef M_FORGET_QUEUE
			mine = (me + 1) | EXECLOCK_QUEUED;
#endif
			w = holder
		:: else
		fi
	od
}

inline reopen()
{
	blocked[me] = true;
	if
	:: (holder & ~EXECLOCK_QUEUED) == me + 1 -> open_door()
	:: else
	fi;
	blocked[me] = false
}

inline let_waiters_in()
{
	r = 0;
	do
	:: s = waiting;
		if
		:: s == 0 -> break
		:: else ->
#ifndef M_LET_IN_BLINDLY
			if
			:: state & EXECLOCK_CLOSED -> reopen()
			:: else
			fi;
#endif
			/* It looks again after a while. */
#ifdef TIMEOUTS
			if
			:: true
			:: r = -1; broken = true
			fi;
#else
#ifdef M_LET_IN_BLINDLY
			waiting != s;
#else
			waiting != s || (state & EXECLOCK_CLOSED);
#endif
#endif
			if
			:: r != 0 ->
				atomic {
					if
					:: waiting == s -> waiting = 0; break
					:: else
					fi
				}
			:: else
			fi
		fi
	od
}

inline drain()
{
	r = 0;
#ifdef M_DRAIN_WAITS_FOR_ITSELF
	own = 0;
#else
	own = depth;
#endif
	do
	:: s = state;
		if
		:: count(s) <= own -> break
		:: count(s) > own && !(s & EXECLOCK_CLOSED) -> broken = true; break
		:: count(s) > own && (s & EXECLOCK_CLOSED) && r != 0 ->
			/* give_up_creators */
			atomic {
				if
				:: state == s ->
					state = (s & EXECLOCK_FLAGS) + own * EXECLOCK_ONE;
					break
				:: else
				fi
			}
		:: count(s) > own && (s & EXECLOCK_CLOSED) && r == 0 && own == 0 ->
			futex_wait(ON_STATE, state, s, CHANNEL_HOLDER, r)
		:: count(s) > own && (s & EXECLOCK_CLOSED) && r == 0 && own != 0 ->
			/* Nobody wakes it: it looks again, after a while. */
#ifdef TIMEOUTS
			if
			:: true
			:: r = -1; broken = true
			fi
#else
			state != s
#endif
		fi
	od
}

inline mend()
{
	atomic {
		if
		:: count(state) < 0 -> state = state & EXECLOCK_FLAGS
		:: else
		fi
	}
}

inline lock()
{
	do
	:: take_hold();
#ifndef M_WITHOUT_HAND_OFF
		if
		:: depth == 0 -> let_waiters_in()
		:: else
		fi;
#endif
		mend();
#ifdef M_DRAIN_THEN_CLOSE
		drain();
		initialise(0, EXECLOCK_READY | EXECLOCK_CLOSED);
		state = state | EXECLOCK_READY | EXECLOCK_CLOSED;
#else
		initialise(0, EXECLOCK_READY | EXECLOCK_CLOSED);
		state = state | EXECLOCK_READY | EXECLOCK_CLOSED;
		drain();
#endif
		/* Has a handler's exec ended this hold?  Then again. */
		if
		:: atomic { (holder & ~EXECLOCK_QUEUED) == me + 1 ->
			holds[me] = true }; break
#ifdef TIMEOUTS
		:: atomic { (holder & ~EXECLOCK_QUEUED) != me + 1 -> broken = true };
			if
			:: holder == 0 -> open_door()
			:: else
			fi;
			break
#endif
#ifdef M_NOT_AGAIN
		:: atomic { (holder & ~EXECLOCK_QUEUED) != me + 1 ->
			holds[me] = true }; break
#else
		:: (holder & ~EXECLOCK_QUEUED) != me + 1
#endif
		fi
	od
}

/* What follows the release of a hold. */
inline free()
{
	atomic {
		if
		:: (holder & ~EXECLOCK_QUEUED) == me + 1 -> w = holder; holder = 0
		:: else -> w = 0
		fi
	}
}

inline unlock()
{
	holds[me] = false;
#ifndef M_RELEASE_UNBLOCKED
	blocked[me] = true;
#endif
	if
	:: (holder & ~EXECLOCK_QUEUED) == me + 1 ->
#ifdef M_FREE_THEN_OPEN
		free();
		open_door();
#else
		open_door();
		free();
#endif
		if
		:: w & EXECLOCK_QUEUED -> futex_wake_one(ON_HOLDER)
		:: else
		fi
	:: else
	fi;
	blocked[me] = false
}

inline create_inside()
{
	d_step { creators_in++; inside[me] = true };
	/* I2 */
	assert(broken || holders_in == 0 || handling == me);
	d_step { creators_in--; inside[me] = false }
}

inline exec_alone()
{
	holders_in++;
	/* I3, I5.  A handler may have interrupted one that is inside, or that
	   holds it. */
	assert(broken || (holders_in == 1 && creators_in ==
			  (inside[me] -> 1 : 0)));
	holders_in--
}

#ifdef HANDLED
/* (Of creators and holders, _pid is me.) */
#define UNLESS_HANDLING provided (handling != _pid)
#else
#define UNLESS_HANDLING
#endif

proctype creator(byte me) UNLESS_HANDLING
{
	int s, r, w, mine, found;
	byte own, i, round;

#ifdef FOREVER
	do
	:: true ->
#else
	for (round : 1 .. ROUNDS) {
#endif
		creator_waits = (me == 1 -> true : creator_waits);
		enter();
		creator_waits = (me == 1 -> false : creator_waits);
		create_inside();
#ifdef NESTED
		if
		:: me == 1 -> enter(); create_inside(); leave()
		:: else
		fi;
#endif
#ifdef JUMPS
		/* Its depth stays, so it waits for no exec any more. */
		if
		:: me == 1 -> broken = true; enter(); leave(); goto gone
		:: else
		fi;
#endif
		leave()
#ifdef FOREVER
	od
#else
	}
#endif
#ifdef JUMPS
gone:	skip
#endif
}

proctype holder_process(byte me) UNLESS_HANDLING
{
	int s, r, w, mine, found;
	byte own, i, round;

#ifdef FOREVER
	do
	:: true ->
#else
	for (round : 1 .. ROUNDS) {
#endif
		holder_waits = (me == CREATORS + 1 -> true : holder_waits);
		lock();
		holder_waits = (me == CREATORS + 1 -> false : holder_waits);
		exec_alone();
#ifdef DIES
		if
		:: me == CREATORS + 1 -> goto gone
		:: else
		fi;
#endif
#ifdef JUMPS
		/* Out of its exec: it creates a thread, and execs again. */
		if
		:: me == CREATORS + 1 ->
			broken = true;
			enter(); leave();
			lock()
		:: else
		fi;
#endif
		unlock()
#ifdef FOREVER
	od
#else
	}
#endif
#ifdef DIES
gone:	skip
#endif
}

/*
 * A handler on the thread of process HANDLED.  A signal ends a sleep in the
 * kernel.  Between depth and count it waits for one creator too few, and by
 * its release it ends the hold of the exec that it interrupted.  These are known
 * slips, so there exclusion is off.
 */
#ifdef HANDLED
proctype handler(byte me)
{
	int s, r, w, mine, found;
	byte own, i;

	atomic {
		handling == 0 && !blocked[me];
		handling = me;
		sleeps_on[me] = 0;
		if
		:: depth != counted[me] || holds[me] ->
			broken = true
		:: else
		fi
	}
	if
	:: lock(); exec_alone(); unlock()
	:: enter(); leave()
	fi;
	handling = 0
}
#endif

/* A fork child: the page is zero, its one thread is inside one region. */
#ifdef FORKED
proctype forked(byte me)
{
	int s, r, w, mine, found;
	byte i;

	/* Another thread of the child may come first and not count us: then
	   one exec may wait for one creator too few, as documented.  So this
	   is about deadlocks only. */
	broken = true;
	if
	:: leave()
	:: enter(); leave(); leave()
	fi;
	assert(depth == 0)
}
#endif

init {
	byte n;

	atomic {
		for (n : 1 .. CREATORS) {
			run creator(n)
		}
#if HOLDERS > 0
		for (n : 1 .. HOLDERS) {
			run holder_process(CREATORS + n)
		}
#endif
#ifdef FORKED
		depths[0] = 1;
		run forked(0);
#endif
#ifdef HANDLED
		run handler(HANDLED);
#endif
		skip
	}
#ifndef FOREVER
	/* Everybody is done: the lock is as it was, except for those who were
	   given up and came back, whom the next one mends. */
	_nr_pr == 1;
#ifndef JUMPS
	assert(broken || count(state) == 0);	/* I6 */
#endif
#ifndef DIES
	assert(broken || holder == 0);		/* I5 */
#endif
	assert(waiting == 0)			/* I4 */
#endif
}

/*
 * Readers do not keep a holder out, nor do holders keep a creator out.  Among
 * holders there is no such order: one that fails to exec again and again can
 * be the quickest each time, until the other's time is up.
 */
#ifdef FOREVER
ltl holder_gets_in { [] (holder_waits -> <> !holder_waits) }
ltl creator_gets_in { [] (creator_waits -> <> !creator_waits) }
#endif
