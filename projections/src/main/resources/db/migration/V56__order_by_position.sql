-- Statements and lists of transfers are ordered by position, not by the clocks of the nodes that decided.
create index posting_by_account_position on kontor.posting
  (tenant_id, account_id, position desc, posting_id desc) where account_id is not null;

drop index kontor.transfer_by_time, kontor.transfer_by_sender, kontor.transfer_by_receiver;
create index transfer_by_position on kontor.transfer (tenant_id, position desc, transfer_id desc);
create index transfer_by_sender_position on kontor.transfer
  (tenant_id, from_account, position desc, transfer_id desc);
create index transfer_by_receiver_position on kontor.transfer
  (tenant_id, to_account, position desc, transfer_id desc);
