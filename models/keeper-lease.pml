/*
 * The keeper lease of one host: a proof by the lease is written only when nothing that the lease guards executes on it any more, and
 * nothing begins to (S2). Time passes in ticks; spans are counted as ages, which stop growing where they make no difference.
 * docs/models.md says what stands for what.
 *
 * Every guard is on. WITHOUT=<number> in the environment of the verifier takes one away; so does spin -DWITHOUT=<number>, to follow a
 * counterexample. -DCHANGE replaces a keeper by another one, with
 * processes that do not die.
 */
#define COUNTS_FROM_SEND         1  /* a renewal counts from when the beacon was sent */
#define NO_ACK_AFTER_CONSENT     2  /* a keeper that consented acknowledges this session no more */
#define SILENT_AFTER_START       3  /* a keeper that has just started consents to nothing for the safe time */
#define REGISTERS_FIRST          4  /* a keeper acknowledges nobody before the store knows its incarnation */
#define COMPARES_INCARNATIONS    5  /* the proof counts consents of current incarnations only */
#define WAITS_SAFE_TIME          6  /* a keeper consents after the safe time, not a tick before */
#define LOOKS_TWICE              7  /* after feeding the lease is looked at again */
#define STOPS_FEEDING            8  /* the watchdog is not fed when the lease ran out and a guest may be left */
#define FEEDS_ONLY_WHEN_PROVEN   9  /* a new beacon feeds only after a majority acknowledged it */
#define MAJORITY                10  /* more than half of the keepers */
#define NO_RETURN_AFTER_CONSENT 11  /* decision 0012 */
#define STARTS_ONLY_WHEN_VALID  12  /* the hook refuses a start when the lease ran out */
#define JOINT_CHANGE            13  /* while the set changes, majorities of both count */
#define EVERYBODY_FIRST         14  /* the old set ends only when the host works with both */
#define PROMISES_WHEN_VALID     16  /* the host says that it works with a set only when that set keeps its lease */
#define TOKENS_END              15  /* an expired lease ends what was read and armed before */

#ifndef WITHOUT
#define WITHOUT 0
#endif
#ifndef AND
#define AND 0
#endif
byte without = WITHOUT, and = AND;  /* two, where one stands behind the other */
#define READ_WITHOUT c_code { \
    if (getenv("WITHOUT")) now.without = atoi(getenv("WITHOUT")); \
    if (getenv("AND")) now.and = atoi(getenv("AND")); }
#define ON(guard) (without != guard && and != guard)

/* In ticks: the killing age, the slack between check and feeding, the watchdog. docs/timing.md has the real ones. */
#define KILL 1
#define SLACK 1
#define RESET 2
/* From this keeper on they do not die, and what they say arrives at once: a majority of the others is enough of both. */
#define PLAIN 2
#define SAFE (KILL + SLACK + RESET)
#define OLD (KILL + SLACK)
#define NONE (OLD + 1)

#ifdef CHANGE
#define KEEPERS 4               /* 0, 1, 2 before; 1, 2, 3 after */
#else
#define KEEPERS 3
#endif

/* The host: its beacon, its guest, its watchdog. */
byte renewed[KEEPERS];          /* age of the newest beacon that this keeper acknowledged */
byte unfed;                     /* ticks since the watchdog was fed */
bit runs = 1, reset;
bit asked;                      /* a start is under way: the store was read */
bit checked;                    /* it has looked and is about to feed */
bit proven = 1;                 /* this life of the beacon was acknowledged by a majority */

/* The keepers: what is lost when one ends, and what the store holds of it. */
byte acknowledged[KEEPERS] = NONE;  /* age of the beacon that an acknowledgement on its way is about */
byte quiet[KEEPERS];            /* ticks since it heard the host, or since it began */
bit consented[KEEPERS];
bit registered[KEEPERS] = 1;    /* the store knows this life of it */
bit stored[KEEPERS];            /* a consent of the life that the store knows */
bit fencing, proof;

#ifdef CHANGE
#define BEFORE 0
#define JOINT 1
#define AFTER 2
byte set, works, promised;      /* the set in the store, the one that the host works with, and the one that it says it works with */
#define COUNT(x) (x(0) + x(1) + x(2))
#define COUNT_AFTER(x) (x(1) + x(2) + x(3))
#define ENOUGH(which, x) ((which == AFTER || COUNT(x) >= NEEDED) && (which == BEFORE || COUNT_AFTER(x) >= NEEDED))
#else
#define works 0
#define set 0
#define ENOUGH(which, x) (x(0) + x(1) + x(2) >= NEEDED)
#endif
#define NEEDED (ON(MAJORITY) -> 2 : 1)

#define YOUNG(k) (renewed[k] < KILL)
#define IN_SLACK(k) (renewed[k] < KILL + SLACK)
#define CONSENTS(k) stored[k]
#define VALID ENOUGH(works, YOUNG)
#define MAY_FEED (!runs || (proven && (VALID || !ON(STOPS_FEEDING))) || (!proven && !ON(FEEDS_ONLY_WHEN_PROVEN)))

inline older(age, limit) { if :: age < limit -> age++ :: else fi }

proctype Time()
{
    byte k;
    do
    :: d_step {
        k = 0;
        do
        :: k < KEEPERS ->
            older(renewed[k], OLD);
            older(quiet[k], SAFE);
            if :: acknowledged[k] < OLD -> acknowledged[k]++ :: else fi;
            k++
        :: else -> break
        od;
        k = 0;
        if :: !VALID && ON(TOKENS_END) -> asked = 0 :: else fi;
        unfed++;
        if :: unfed > RESET -> reset = 1; runs = 0; unfed = 0; checked = 0 :: else fi }
    od
}

proctype Beacon()
{
    do
    /* Look, and feed: it may stall between the two. */
    :: atomic { !reset && !checked && MAY_FEED -> checked = 1 }
    :: atomic { !reset && checked ->
        checked = 0; unfed = 0;
        if
        :: ON(LOOKS_TWICE) && runs && !ENOUGH(works, IN_SLACK) -> reset = 1; runs = 0
        :: else
        fi }
    /* Too old: kill. It may not succeed. */
    :: atomic { !reset && !checked && !VALID && runs -> runs = 0 }
#ifndef CHANGE
    /* A start: read that the session is online, armed, let pass by the hook. */
    :: atomic { !reset && !runs && !asked && !fencing && !proof && (VALID || !ON(TOKENS_END)) -> asked = 1 }
    :: atomic { asked && ((VALID && proven) || !ON(STARTS_ONLY_WHEN_VALID)) && !runs && !reset -> asked = 0; runs = 1; assert(!proof) }
    /* The process ends and begins anew, and knows of no acknowledgement. */
    :: d_step { !reset && proven -> proven = 0; checked = 0; renewed[0] = OLD; renewed[1] = OLD; renewed[2] = OLD;
        acknowledged[0] = NONE; acknowledged[1] = NONE; acknowledged[2] = NONE }
    :: atomic { !proven && VALID -> proven = 1 }
#else
    :: atomic { works != set && !(works == BEFORE && set == AFTER && ON(JOINT_CHANGE)) -> works = set }
    :: atomic { promised != works && works == set && (VALID || !ON(PROMISES_WHEN_VALID)) -> promised = works }
#endif
    od
}

proctype Keeper(byte k)
{
    do
    /* A beacon sent now reaches it, or not. Its acknowledgement comes at any time; a newer one takes its place. */
    :: atomic { !reset && (registered[k] || !ON(REGISTERS_FIRST)) && (!consented[k] || !ON(NO_ACK_AFTER_CONSENT)) &&
        (quiet[k] > 0 || acknowledged[k] > 0) ->
        quiet[k] = 0;
        if :: k < PLAIN -> acknowledged[k] = 0 :: else -> renewed[k] = 0 fi }
    :: atomic { !reset && acknowledged[k] != NONE ->
        if
        :: ON(COUNTS_FROM_SEND) && acknowledged[k] < renewed[k] -> renewed[k] = acknowledged[k]
        :: !ON(COUNTS_FROM_SEND) -> renewed[k] = 0
        :: else
        fi;
        acknowledged[k] = NONE }
    /* It consents, and that is stored. */
    :: atomic { fencing && !proof && registered[k] && !stored[k] && (quiet[k] == SAFE || (!ON(WAITS_SAFE_TIME) && quiet[k] == SAFE - 1)) ->
        consented[k] = 1; stored[k] = 1 }
#ifndef CHANGE
    /* Its beacon ends and begins anew. */
    :: atomic { k < PLAIN && registered[k] -> registered[k] = 0; consented[k] = 0; quiet[k] = (ON(SILENT_AFTER_START) -> 0 : SAFE) }
    :: atomic { !registered[k] -> registered[k] = 1; if :: ON(COMPARES_INCARNATIONS) -> stored[k] = 0 :: else fi }
#endif
    od
}

proctype Leader()
{
    do
    :: atomic { !fencing && !proof -> fencing = 1 }
    /* The session goes on: the consents go with the fence record. */
    :: atomic { fencing && !proof && ((!CONSENTS(0) && !CONSENTS(1) && !CONSENTS(2)) || !ON(NO_RETURN_AFTER_CONSENT)) ->
        fencing = 0; stored[0] = 0; stored[1] = 0; stored[2] = 0 }
    :: atomic { fencing && !proof && ENOUGH(set, CONSENTS) -> proof = 1; assert(!runs) }
#ifdef CHANGE
    :: atomic { set == BEFORE && !proof -> set = (ON(JOINT_CHANGE) -> JOINT : AFTER) }
    :: atomic { set == JOINT && !proof && (promised == JOINT || !ON(EVERYBODY_FIRST)) -> set = AFTER }
#endif
    od
}

init {
    atomic {
        READ_WITHOUT; run Time(); run Beacon(); run Leader(); run Keeper(0); run Keeper(1); run Keeper(2);
#ifdef CHANGE
        run Keeper(3)
#endif
    }
}
