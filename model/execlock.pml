/* SPDX-License-Identifier: MIT */
/*
 * The exec lock, step for step as in src/lock/execlock.c: every atomic
 * operation there is one step here, with the same names and the same bits (a
 * test compares the constants), but for what a fork does to the page.  An int
 * is signed here, as the count is there.  model/run says with which settings it
 * is checked, and which mutants (-DM_...) must be caught.
 *
 *	READERS, WRITERS	how many of each; ROUNDS each of them goes, or
 *				FOREVER for the liveness properties
 *	TIMEOUTS		any wait may end in vain, at any time
 *	NESTED			the first reader nests
 *	DIES			the first writer dies while it holds the lock
 *	JUMPS			the first reader jumps away from inside, the
 *				first writer out of its hold; both go on
 *	USED			it has been used before
 *	FORKED			a child of a thread that forked inside a region
 *	HANDLED			a signal handler of this process execs in vain
 *				or creates a thread, once, at any moment
 */
#ifndef READERS
#define READERS 2
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

#define READY	(1 << 0)
#define SHUT	(1 << 1)
#define FLAGS	((1 << 8) - 1)
#define ONE	(1 << 8)
#define QUEUED	(1 << 31)

#define is_open(s)	(((s) & (READY | SHUT)) == READY)
#define count(s)	((s) >> 8)

#define CHANNEL_CREATORS 1
#define CHANNEL_WRITER 2

#define PROCESSES (READERS + WRITERS + 1)

/* USED: not the first use in this process. */
#ifdef USED
int state = READY;
#else
int state;
#endif
int writer, waiting;

/* Who sleeps on which word, and on which channels. */
#define ON_STATE 1
#define ON_WRITER 2
#define ON_WAITING 3
byte sleeps_on[PROCESSES];
byte channel[PROCESSES];

byte readers_in, writers_in;
bool broken;		/* somebody waited in vain: exclusion is off */

/* Thread-local there, and so common to a thread and its handlers. */
byte depths[PROCESSES];
#define depth depths[me]

/* For the assertions only. */
byte counted[PROCESSES];	/* what of depth is in the count */
bool inside[PROCESSES], holds[PROCESSES], opens[PROCESSES];
byte handling;			/* whose handler runs; it runs alone */
bool reader_waits, writer_waits;

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
	:: atomic { !(s & READY) && state == s ->
		counted[me] = depth;
#ifdef M_INIT_WITHOUT_OTHERS
		state = depth * ONE | flags };
#else
		state = (s + (depth - own) * ONE) | flags };
#endif
		break
	:: atomic { !(s & READY) && state != s -> s = state }
	:: (s & READY) -> break
	od
}

inline open_door()
{
	state = state & ~SHUT;
#ifndef M_OPEN_WITHOUT_WAKE
	futex_wake_all(ON_STATE, CHANNEL_CREATORS | CHANNEL_WRITER)
#endif
}

/* What is left to do if the step `found` was not at an open door. */
inline left()
{
	if
	:: count(found) < 0 -> state = state + ONE
	:: else
	fi;
	s = state;
	if
	:: s == (READY | SHUT) ->
#ifndef M_LEAVE_WITHOUT_WAKE
		futex_wake_all(ON_STATE, CHANNEL_WRITER)
#endif
	:: else
	fi
}

inline step_back()
{
	atomic { state = state - ONE; found = state;
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
			atomic { state = state + ONE; found = state;
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
#ifndef M_WAITING_WITHOUT_WAKE
		futex_wake_all(ON_WAITING, CHANNEL_WRITER)
#endif
	:: else
	fi
}

inline enter()
{
#ifdef M_COUNT_THEN_DEPTH
	atomic { state = state + ONE; found = state; counted[me]++ };
	depth++;
#else
	depth++;
	atomic { state = state + ONE; found = state; counted[me]++ };
#endif
#ifndef M_IGNORE_DOOR
	if
	:: !is_open(found) ->
		/* entered_closed() */
		s = state;
		if
		:: !(s & READY) ->
			initialise(1, READY);
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
			:: (writer & ~QUEUED) == me + 1
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
	/* Who is not counted takes it below zero, until it is put back or
	   mended: one exec may wait for one creator too few, as documented. */
	atomic { state = state - ONE; found = state;
		counted[me] = (counted[me] > 0 -> counted[me] - 1 : 0);
		broken = broken || count(found) < 0 };
	depth--;
	if
	:: !is_open(found) -> left()
	:: else
	fi
}

inline take_writer()
{
	w = 0;
	mine = me + 1;
	r = 0;
	do
	:: (w & ~QUEUED) == 0 || r != 0 ->
		atomic {
			if
			:: writer == w ->
				writer = mine | (w & QUEUED);
				break
			:: else -> w = writer
			fi
		}
#ifndef M_WAITS_FOR_ITSELF
	:: (w & ~QUEUED) == me + 1 && r == 0 -> break
	:: (w & ~QUEUED) != 0 && (w & ~QUEUED) != me + 1 && r == 0 ->
#else
	:: (w & ~QUEUED) != 0 && r == 0 ->
#endif
		s = w;
		if
		:: !(w & QUEUED) ->
			atomic {
				if
				:: writer == w ->
#ifndef M_WITHOUT_QUEUED
					writer = w | QUEUED;
#endif
					s = w | QUEUED
				:: else -> w = writer; s = 0
				fi
			}
		:: else
		fi;
#ifdef M_WITHOUT_QUEUED
		s = s & ~QUEUED;
#endif
		if
		:: s != 0 ->
			futex_wait(ON_WRITER, writer, s, CHANNEL_WRITER, r);
#ifndef M_FORGET_QUEUE
			mine = (me + 1) | QUEUED;
#endif
			w = writer
		:: else
		fi
	od
}

inline let_waiters_in()
{
	do
	:: s = waiting;
		if
		:: s == 0 -> break
		:: else ->
			futex_wait(ON_WAITING, waiting, s, CHANNEL_WRITER, r);
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
		:: count(s) > own && !(s & SHUT) -> broken = true; break
		:: count(s) > own && (s & SHUT) && r != 0 ->
			/* give_up_creators */
			atomic {
				if
				:: state == s ->
					state = (s & FLAGS) + own * ONE;
					break
				:: else
				fi
			}
		:: count(s) > own && (s & SHUT) && r == 0 && own == 0 ->
			futex_wait(ON_STATE, state, s, CHANNEL_WRITER, r)
		:: count(s) > own && (s & SHUT) && r == 0 && own != 0 ->
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
		:: count(state) < 0 -> state = state & FLAGS
		:: else
		fi
	}
}

inline lock()
{
	do
	:: take_writer();
#ifndef M_LET_IN_WITHOUT_OPENING
		/* Closed by one that died, or by us before a handler's exec;
		   or open, and a handler of ours came before the wake. */
		if
		:: atomic { (writer & ~QUEUED) == me + 1 && ((state & SHUT)
#ifndef M_LET_IN_WITHOUT_WAKE
			|| waiting != 0
#endif
			) -> opens[me] = true };
			open_door();
			opens[me] = false
		:: else
		fi;
#endif
#ifndef M_WITHOUT_HAND_OFF
		if
		:: depth == 0 -> let_waiters_in()
		:: else
		fi;
#endif
		mend();
#ifdef M_DRAIN_THEN_CLOSE
		drain();
		initialise(0, READY | SHUT);
		state = state | READY | SHUT;
#else
		initialise(0, READY | SHUT);
		state = state | READY | SHUT;
		drain();
#endif
		/* Has a handler's exec ended this hold?  Then again. */
		if
		:: atomic { (writer & ~QUEUED) == me + 1 ->
			holds[me] = true }; break
#ifdef TIMEOUTS
		:: atomic { (writer & ~QUEUED) != me + 1 -> broken = true };
			if
			:: writer == 0 -> open_door()
			:: else
			fi;
			break
#endif
#ifdef M_NOT_AGAIN
		:: atomic { (writer & ~QUEUED) != me + 1 ->
			holds[me] = true }; break
#else
		:: (writer & ~QUEUED) != me + 1
#endif
		fi
	od
}

inline unlock()
{
	holds[me] = false;
	if
	:: (writer & ~QUEUED) == me + 1 ->
#ifdef M_FREE_THEN_OPEN
		atomic { w = writer; writer = 0 };
		open_door();
#else
		open_door();
		atomic { w = writer; writer = 0 };
#endif
		if
		:: w & QUEUED -> futex_wake_one(ON_WRITER)
		:: else
		fi
	:: else
	fi
}

inline read_inside()
{
	d_step { readers_in++; inside[me] = true };
	assert(broken || writers_in == 0 || handling == me);
	d_step { readers_in--; inside[me] = false }
}

inline write_alone()
{
	writers_in++;
	/* A handler may have interrupted one who is inside, or who holds it. */
	assert(broken || (writers_in == 1 && readers_in ==
			  (inside[me] -> 1 : 0)));
	writers_in--
}

#ifdef HANDLED
/* (Of readers and writers, _pid is me.) */
#define UNLESS_HANDLING provided (handling != _pid)
#else
#define UNLESS_HANDLING
#endif

proctype reader(byte me) UNLESS_HANDLING
{
	int s, r, w, mine, found;
	byte own, i, round;

#ifdef FOREVER
	do
	:: true ->
#else
	for (round : 1 .. ROUNDS) {
#endif
		reader_waits = (me == 1 -> true : reader_waits);
		enter();
		reader_waits = (me == 1 -> false : reader_waits);
		read_inside();
#ifdef NESTED
		if
		:: me == 1 -> enter(); read_inside(); leave()
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

proctype writer_process(byte me) UNLESS_HANDLING
{
	int s, r, w, mine, found;
	byte own, i, round;

#ifdef FOREVER
	do
	:: true ->
#else
	for (round : 1 .. ROUNDS) {
#endif
		writer_waits = (me == READERS + 1 -> true : writer_waits);
		lock();
		writer_waits = (me == READERS + 1 -> false : writer_waits);
		write_alone();
#ifdef DIES
		if
		:: me == READERS + 1 -> goto gone
		:: else
		fi;
#endif
#ifdef JUMPS
		/* Out of its exec: it creates a thread, and execs again. */
		if
		:: me == READERS + 1 ->
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
 * kernel.  Between depth and count it waits for one creator too few; by its
 * release it ends the hold of the exec that it interrupted; and between
 * looking whether it is the writer and opening the door that exec may open
 * another's.  These are known slips, so there exclusion is off.
 */
#ifdef HANDLED
proctype handler(byte me)
{
	int s, r, w, mine, found;
	byte own, i;

	atomic {
		handling == 0;
		handling = me;
		sleeps_on[me] = 0;
		if
		:: depth != counted[me] || holds[me] || opens[me] ->
			broken = true
		:: else
		fi
	}
	if
	:: lock(); write_alone(); unlock()
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
		for (n : 1 .. READERS) {
			run reader(n)
		}
#if WRITERS > 0
		for (n : 1 .. WRITERS) {
			run writer_process(READERS + n)
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
	/* Everybody is done: the lock is as it was, but for those who were
	   given up and came back, whom the next one mends. */
	_nr_pr == 1;
#ifndef JUMPS
	assert(broken || count(state) == 0);
#endif
#ifndef DIES
	assert(broken || writer == 0);
#endif
	assert(waiting == 0)
#endif
}

/*
 * Readers do not keep a writer out, nor do writers keep a reader out.  Among
 * writers there is no such order: one that fails to exec again and again can
 * be the quickest each time, until the other's time is up.
 */
#ifdef FOREVER
ltl writer_gets_in { [] (writer_waits -> <> !writer_waits) }
ltl reader_gets_in { [] (reader_waits -> <> !reader_waits) }
#endif
