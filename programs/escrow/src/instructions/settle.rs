use crate::{
    error::EscrowError,
    event::Settled,
    instructions::shared::{check_version, now},
    state::LedgerAccount,
};
use anchor_lang::prelude::*;
use tolldns_common::{fault::OrRefuse, signature};
use tolldns_core::{
    amounts,
    lane::Verdict,
    voucher::{check_batch, expiry_day, Record, VoucherMessage, RECORD_BYTES},
};

/// Takes what a batch of vouchers promises. Anyone may send it: the authority is the payers' signatures.
#[derive(Accounts)]
pub struct Settle {
    #[account(mut)]
    pub ledger: LedgerAccount,
}

/// Target-state: a voucher that is covered already does nothing, one that can't be taken fails the whole batch.
pub(crate) fn handle(accounts: &mut Settle, base_day: u16, records: &[u8]) -> Result<()> {
    let Settle { ledger } = accounts;
    check_version(ledger.version)?;
    check_batch(records).or_refuse()?;
    let now = now()?;
    let address = *ledger.address();
    let mut message = VoucherMessage::new(address.as_array());
    let (mut vouchers, mut amount) = (0u16, 0u64);

    let rows = ledger.as_mut_slice();
    for record in records.chunks_exact(RECORD_BYTES) {
        let record = Record::read(record.try_into().map_err(|_| EscrowError::BatchRagged)?);
        let row = rows.get_mut(record.lane as usize).ok_or(EscrowError::VoucherLaneUnknown)?;
        let expiry_day = expiry_day(base_day, record.expiry_offset);
        let Verdict::Due(due) = row.lane().judge(record.cumulative, expiry_day, now).or_refuse()? else {
            continue;
        };
        let message = message.set(record.lane, row.generation, expiry_day as u16, record.cumulative);
        require!(
            signature::holds(&row.session_key, record.signature, message),
            EscrowError::VoucherSignature
        );
        row.settled = record.cumulative;
        require!(row.settled <= row.reserve, EscrowError::InvariantBroken);
        amount = amounts::add(amount, due).or_refuse()?;
        vouchers += 1;
    }

    // What left the lanes is what the header gains: conservation needs no further look.
    ledger.credited = amounts::add(ledger.credited, amount).or_refuse()?;
    emit!(Settled { ledger: address, vouchers, amount, credited: ledger.credited });
    Ok(())
}
