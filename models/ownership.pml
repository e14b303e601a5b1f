/*
 * Ownership of one guest: two hosts, any number of leaders that act on what they read some time ago, a store that applies a transaction
 * late or never, power that is cut late, twice or never, hosts that crash and boot, agents that die or sleep at any step, and anybody who
 * types "virsh start". The guest must never execute on both hosts (S1). Nothing is counted: crashes, sessions and epochs have no limit.
 * docs/models.md says what stands for what; the letters of the transitions are those of docs/invariants.md.
 *
 * Every guard is on. WITHOUT=<number> in the environment of the verifier takes one away; so does spin -DWITHOUT=<number>, to follow a
 * counterexample. -DMIGRATION adds live migration, which is designed and not built.
 */
#define PROOF_BEFORE_REASSIGN    1  /* R: from Claimed only on a proof for the owner's session */
#define PROOF_BOUND_TO_SESSION   2  /* F2: a proof counts for the session that it was sought for */
#define HOOK_TOKEN               3  /* S4: no start without a token */
#define CLAIM_BEFORE_START       4  /* what is started was claimed, not only assigned */
#define READ_BEFORE_START        5  /* a fresh reading before a start, not what was once read */
#define CLAIM_IN_SESSION         6  /* C: only while the claimer's session is online */
#define REVOKE_BEFORE_STOP       7  /* the token goes before the guest does */
#define GONE_BEFORE_CONFIRM      8  /* X: only when no process is left */
#define CLEAR_BEFORE_JOIN        9  /* a new session only when nothing of the old one is left */
#define NO_RETURN_AFTER_PROOF   10  /* decision 0010 */
#define NO_RETURN_AFTER_CONSENT 11  /* decisions 0010 and 0012 */
#define AFFIRM                  12  /* A: the record is written anew before a start, if a confirmation may be under way */
#define EXPIRED_STARTS_NOTHING  13  /* the hook refuses what an expired lease does not allow */
#define GUARDED_REASSIGN        14  /* S3: R only while the record is as it was read */
#define SOURCE_LOCKED           15  /* M1: the source's token goes before the guest may leave it */
#define DESTINATION_ASKED       16  /* M4: a dead source is not enough, the destination may run it */
#define DESTINATION_CLEARED     17  /* M3: given up only when the destination has destroyed its copy and starts none */
#define MOVED_IN_SESSION        18  /* M2: only while the destination's session is online */

#ifndef WITHOUT
#define WITHOUT 0
#endif
byte without = WITHOUT;
#define READ_WITHOUT c_code { if (getenv("WITHOUT")) now.without = atoi(getenv("WITHOUT")); }
#define ON(guard) (without != guard)

#define FREE 0
#define ASSIGNED 1
#define CLAIMED 2
#define RELEASING 3
#define MIGRATING 4

#define ONLINE 0
#define FENCING 1
#define FENCED 2

/* The store: the guest's record, and whether the session it names is still the current one of that host. */
byte phase = CLAIMED;
bit owner, ownerNow = 1;
bit targetNow, cleared;         /* of a migration to the host that is not the owner; its copy is destroyed and it starts none */

/* The store: the current session of each host, and whether its death is proved. That of all earlier ones is: joining proved it. */
byte standing[2];
bit proved[2];

/* Transactions under way, guarded by the version of the record that is current: they apply late, or never, also when their sender is dead.
   Each new version of the record ends them. What is guarded by all that it depends on is as well applied at once. */
bit letGo, moved, kept;
byte claiming[2];               /* 1 in the current session of the host, 2 in an earlier one */

byte reading[2];                /* "off" was read and is not written down yet: 1 for this session, 2 for an earlier one */

/* The hosts. */
bit up[2] = 1;
bit sameBoot[2] = 1;            /* the session in the store is of this boot */
bit member[2] = 1;              /* the agent lives and believes in this session */
bit token[2];
bit queued[2];                  /* a start waits in libvirt; what anybody may start at any time needs no queue */
bit approved[2];                /* the hook said yes, QEMU comes up */
bit runs[2];                    /* QEMU executes the guest */
bit expired[2];                 /* keepers consented to the end of this session: its lease is not renewed any more */
bit settled;                    /* as the owner knows, no confirmation of its own is under way */
bit door[2], incoming[2];       /* the token for a guest that moves in; QEMU waits for it */
bit moving;                     /* the source sends; it ends when either QEMU does */

#define other (1 - h)
#define OWNS(h) (owner == h && ownerNow && member[h])
#define MOVES_TO(h) (phase == MIGRATING && owner != h && targetNow && member[h])
#define IS_PROVED(h, isNow) (!(isNow) || proved[h])
#define ALIVE(h) (runs[h] || approved[h])
#define LEASED(h) (!expired[h] || !ON(EXPIRED_STARTS_NOTHING))

inline executes(h) { runs[h] = 1; assert(!runs[other]) }

inline new_version() { letGo = 0; claiming[0] = 0; claiming[1] = 0; moved = 0; kept = 0 }

inline give_to(next, h) { new_version(); phase = next; owner = h; ownerNow = 0; targetNow = 0; cleared = 0; settled = 0 }

inline lose_power(h)
{
    up[h] = 0; sameBoot[h] = 0; member[h] = 0; token[h] = 0; queued[h] = 0; approved[h] = 0; runs[h] = 0; expired[h] = 0;
    door[h] = 0; incoming[h] = 0; moving = 0;
    if :: owner == h -> settled = 0 :: else fi
}

/* J: the old session is proved dead by the new one; readings of the old one are old. */
inline join(h)
{
    standing[h] = ONLINE; proved[h] = 0; sameBoot[h] = 1; member[h] = 1; expired[h] = 0;
    if :: owner == h -> ownerNow = 0; settled = 0 :: else -> targetNow = 0 fi;
    if :: reading[h] -> reading[h] = 2 :: else fi;
    if :: claiming[h] -> claiming[h] = 2 :: else fi
}

#define MAY_RETURN(h) ((standing[h] == FENCING && (!expired[h] || !ON(NO_RETURN_AFTER_CONSENT))) || \
    (standing[h] == FENCED && !ON(NO_RETURN_AFTER_PROOF)))
#define IS_DEAD (IS_PROVED(owner, ownerNow) || (!ON(PROOF_BEFORE_REASSIGN) && standing[owner] != ONLINE))
#define MAY_TAKE (phase == FREE || phase == ASSIGNED || ((phase == CLAIMED || phase == RELEASING) && IS_DEAD) || \
    (phase == MIGRATING && IS_DEAD && (cleared || IS_PROVED(1 - owner, targetNow) || !ON(DESTINATION_ASKED))))

/* All leaders there are, where they decide about one host. */
proctype Leaders(bit h)
{
    bit stale;
    do
    /* F1. Any host may be silent at any time. */
    :: atomic { standing[h] == ONLINE -> standing[h] = FENCING }
    /* F2. A reading of "off", for the session that is known; written down later. */
    :: atomic { !up[h] && standing[h] != FENCED && !reading[h] -> reading[h] = 1 }
    :: atomic { reading[h] ->
        if
        :: standing[h] != FENCED && (reading[h] == 1 || !ON(PROOF_BOUND_TO_SESSION)) -> standing[h] = FENCED; proved[h] = 1
        :: else
        fi;
        reading[h] = 0 }
    /* The lease. */
    :: atomic { expired[h] && standing[h] == FENCING -> standing[h] = FENCED; proved[h] = 1 }
    /* The session goes on. */
    :: atomic { MAY_RETURN(h) -> standing[h] = ONLINE }
    /* R, to this host. */
    :: atomic { standing[h] == ONLINE && MAY_TAKE -> give_to(ASSIGNED, h) }
    :: atomic { !ON(GUARDED_REASSIGN) && MAY_TAKE -> stale = 1 }
    :: atomic { stale && standing[h] == ONLINE -> stale = 0; give_to(ASSIGNED, h) }
#ifdef MIGRATION
    /* M1, to this host. */
    :: atomic { standing[h] == ONLINE && phase == CLAIMED && h != owner -> new_version(); phase = MIGRATING; targetNow = 1 }
#endif
    od
}

#define IDLE 0
#define START_READ 1
#define START_ARMED 2
#define STOP_REVOKED 3
#define CLEAR_REVOKED 4
#define DOOR_READ 5
#define SOURCE_READY 6

/* The agent of a host: may sleep before each step, and begin a new life at any time. */
proctype Agent(bit h)
{
    byte at;
    bit lost, knew;
    do
    :: atomic { member[h] || lost -> member[h] = 0; at = IDLE; lost = 0; knew = 0; if :: owner == h -> settled = 0 :: else fi }
    :: atomic { up[h] && !member[h] && !lost && sameBoot[h] && standing[h] != FENCED -> at = IDLE; knew = 0; member[h] = 1 }
    /* J, a new boot: nothing of the old one is left. */
    :: atomic { up[h] && !sameBoot[h] -> lost = 0; knew = 0; at = IDLE; join(h) }
    /* The session has ended, or is in fencing for long. */
    :: atomic { up[h] && sameBoot[h] && standing[h] != ONLINE && !lost && (member[h] || standing[h] == FENCED) ->
        member[h] = 0; lost = 1; knew = 0; if :: at > STOP_REVOKED || at < STOP_REVOKED -> at = IDLE :: else fi }
    :: atomic { up[h] && sameBoot[h] && lost && at == IDLE && ON(CLEAR_BEFORE_JOIN) -> token[h] = 0; door[h] = 0; at = CLEAR_REVOKED }
    /* J, same boot, with an orderly proof. */
    :: atomic { up[h] && sameBoot[h] && at == CLEAR_REVOKED && !approved[h] ->
        runs[h] = 0; incoming[h] = 0; moving = 0; lost = 0; at = IDLE; join(h) }
    :: atomic { up[h] && sameBoot[h] && lost && !ON(CLEAR_BEFORE_JOIN) -> lost = 0; at = IDLE; join(h) }
    /* C. */
    :: atomic { member[h] && at == IDLE && phase == ASSIGNED && owner == h && standing[h] == ONLINE ->
        new_version(); phase = CLAIMED; ownerNow = 1; settled = 1 }
    :: atomic { member[h] && at == IDLE && phase == ASSIGNED && owner == h && !ON(CLAIM_IN_SESSION) -> claiming[h] = 1 }
    /* A. */
    :: atomic { at == IDLE && phase == CLAIMED && OWNS(h) && !settled -> new_version(); settled = 1 }
    /* Before a start: still the owner, no copy here; then the token, then libvirt. */
    :: atomic { !ON(READ_BEFORE_START) && phase == CLAIMED && OWNS(h) && !knew -> knew = 1 }
    :: atomic { member[h] && at == IDLE && !ALIVE(h) && !queued[h] &&
        ((phase == CLAIMED && OWNS(h) && standing[h] == ONLINE && (settled || !ON(AFFIRM))) || knew ||
            (!ON(CLAIM_BEFORE_START) && phase == ASSIGNED && owner == h)) ->
        at = START_READ }
    :: atomic { member[h] && at == START_READ -> token[h] = 1; at = IDLE; if :: !ON(HOOK_TOKEN) -> at = START_ARMED :: else fi }
    :: atomic { member[h] && at == START_ARMED -> queued[h] = 1; at = IDLE }
    /* L, asked for by anybody, and X: revoke, stop, see it gone, confirm. */
    :: atomic { at == IDLE && phase == CLAIMED && OWNS(h) -> new_version(); phase = RELEASING }
    :: atomic { at == IDLE && (phase == CLAIMED || phase == RELEASING) && OWNS(h) && !letGo ->
        at = STOP_REVOKED; if :: ON(REVOKE_BEFORE_STOP) -> token[h] = 0 :: else fi }
    :: atomic { up[h] && at == STOP_REVOKED && (!approved[h] || !ON(GONE_BEFORE_CONFIRM)) ->
        if :: ON(GONE_BEFORE_CONFIRM) -> runs[h] = 0; moving = 0 :: else fi;
        if :: (phase == CLAIMED || phase == RELEASING) && OWNS(h) -> letGo = 1; settled = 0 :: else fi;
        at = IDLE }
#ifdef MIGRATION
    /* The destination opens its door, or destroys its copy and opens it no more. */
    :: atomic { at == IDLE && MOVES_TO(h) && !cleared && !door[h] && standing[h] == ONLINE -> at = DOOR_READ }
    :: atomic { member[h] && at == DOOR_READ -> door[h] = 1; at = IDLE }
    :: atomic { at == IDLE && MOVES_TO(h) && !cleared && !runs[h] && !moved ->
        new_version(); door[h] = 0; incoming[h] = 0; moving = 0; cleared = 1 }
    /* M2. */
    :: atomic { MOVES_TO(h) && runs[h] && !moved -> moved = 1 }
    /* The source locks itself, then sends. */
    :: atomic { at == IDLE && phase == MIGRATING && OWNS(h) && runs[h] && !moving ->
        at = SOURCE_READY; if :: ON(SOURCE_LOCKED) -> token[h] = 0 :: else fi }
    :: atomic { member[h] && at == SOURCE_READY -> at = IDLE; if :: incoming[other] && runs[h] -> moving = 1 :: else fi }
    /* M3: cancelled, not moving any more, and still here. M5: it has left, and its destination is dead. */
    :: atomic { phase == MIGRATING && OWNS(h) && moving -> moving = 0 }
    :: atomic { at == IDLE && phase == MIGRATING && OWNS(h) && runs[h] && !moving && !kept &&
        (cleared || IS_PROVED(other, targetNow) || !ON(DESTINATION_CLEARED)) ->
        kept = 1 }
    :: atomic { at == IDLE && phase == MIGRATING && OWNS(h) && !ALIVE(h) && !token[h] && !moving && !letGo && IS_PROVED(other, targetNow) ->
        letGo = 1; settled = 0 }
#endif
    od
}

/* The store; libvirt, the hook, power and the lease of one host. */
proctype World(bit h)
{
    do
    :: atomic { claiming[h] && phase == ASSIGNED && owner == h ->
        ownerNow = (claiming[h] == 1); new_version(); phase = CLAIMED; settled = ownerNow }
    :: atomic { letGo && owner == h -> if :: give_to(FREE, 0) :: give_to(ASSIGNED, other) fi }
#ifdef MIGRATION
    :: atomic { moved && owner != h && ((targetNow && standing[h] == ONLINE) || !ON(MOVED_IN_SESSION)) ->
        new_version(); phase = CLAIMED; owner = h; ownerNow = targetNow; targetNow = 0; cleared = 0; settled = 0 }
    :: atomic { kept && owner == h -> new_version(); phase = CLAIMED; targetNow = 0; cleared = 0 }
    :: atomic { door[h] && LEASED(h) && !incoming[h] && !ALIVE(h) && runs[other] -> incoming[h] = 1 }
    /* The guest leaves the one and executes on the other; no store is asked. */
    :: atomic { moving && owner != h && runs[other] && incoming[h] -> runs[other] = 0; incoming[h] = 0; moving = 0; executes(h) }
#endif
    :: atomic { queued[h] ->
        if :: (token[h] || !ON(HOOK_TOKEN)) && !ALIVE(h) -> approved[h] = 1 :: else fi;
        queued[h] = 0 }
    /* virsh start. */
    :: atomic { up[h] && token[h] && LEASED(h) && !ALIVE(h) -> approved[h] = 1 }
    :: atomic { approved[h] -> approved[h] = 0; executes(h) }
    /* A crash, or a power-off, of whatever session and however late it was ordered. */
    :: atomic { up[h] -> lose_power(h) }
    :: atomic { !up[h] -> up[h] = 1 }
    /* The keepers consent: by then its beacon has taken the tokens and killed what ran. */
    :: atomic { up[h] && sameBoot[h] && standing[h] == FENCING && !expired[h] ->
        expired[h] = 1; token[h] = 0; door[h] = 0; runs[h] = 0; approved[h] = 0; incoming[h] = 0; moving = 0 }
    /* No lease is wanted of it any more. */
    :: atomic { expired[h] && standing[h] == ONLINE -> expired[h] = 0 }
    od
}

init {
    atomic {
        READ_WITHOUT; runs[0] = 1; token[0] = 1;
        run Leaders(0); run Leaders(1); run Agent(0); run Agent(1); run World(0); run World(1)
    }
}
