package io.kontor.api.account;

/** Why a hold ended without being captured. */
public enum HoldReleaseReason {
  REQUESTED,
  EXPIRED
}
