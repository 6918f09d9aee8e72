/// Why a rule refused. The number plus 6000 is the error code of the program that applies the rule; numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Refusal {
    // 8-12: terms and clock
    SplitInvalid = 8,
    IntervalInvalid = 9,
    GraceTooShort = 10,
    GraceTooLong = 11,
    ClockInvalid = 12,
    // 40-46: amounts
    AmountZero = 40,
    AmountTooLarge = 41,
    AmountOverflow = 42,
    BalanceInsufficient = 43,
    // 80-99: lanes
    LaneTaken = 81,
    LaneRetired = 82,
    LaneNotOpen = 83,
    ReserveBelowMinimum = 86,
    LaneFree = 87,
    LaneClosing = 88,
    OperatorSignatureMissing = 89,
    LaneNotClosing = 90,
    LaneNotDue = 91,
    // 100-119: vouchers
    BatchEmpty = 100,
    BatchRagged = 101,
    VoucherLaneFree = 103,
    VoucherOverReserve = 104,
    VoucherExpired = 105,
    VoucherTooLate = 106,
    // 120: what must never happen
    InvariantBroken = 120,
    // 200-219: terms of names
    PriceInvalid = 200,
    TermInvalid = 201,
    NameGraceInvalid = 202,
    CommitAgesInvalid = 203,
    AuctionTimesInvalid = 204,
    IncrementInvalid = 205,
    // 220-239: labels
    LabelLength = 220,
    LabelCharacter = 221,
    LabelHyphen = 222,
    // 240-259: commitments and tenure
    CommitmentTooYoung = 240,
    CommitmentTooOld = 241,
    CommitmentLive = 242,
    NameTaken = 243,
    NameExpired = 244,
    NameFree = 245,
    YearsInvalid = 246,
    TooFarAhead = 247,
    RenewalTooShort = 248,
    // 260-279: auctions
    BidTooLow = 260,
    AuctionOver = 261,
    AuctionOpen = 262,
    // 269: delegates
    DelegateKept = 269,
    // 290-294: terms of epochs
    EpochLengthInvalid = 290,
    WindowInvalid = 291,
    EvidenceInvalid = 292,
    SeedDelayInvalid = 293,
    CommitteeInvalid = 294,
    // 295-309: epochs
    EpochStatus = 295,
    EpochRunning = 296,
    FreezeTooEarly = 297,
    DeadlinePassed = 298,
    DeadlineAhead = 299,
    WindowOver = 300,
    WindowOpen = 301,
    EvidenceLive = 302,
    NothingLeft = 303,
    TooManyUpdates = 304,
    EmptyTraceMoves = 305,
    RootZero = 306,
}
