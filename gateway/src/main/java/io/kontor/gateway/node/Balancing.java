package io.kontor.gateway.node;

/** Which node of a group gets the next request. */
public enum Balancing {
  /** The one with the fewest requests under way; among equals they take turns. */
  LEAST_REQUESTS,
  /** They take turns. */
  ROUND_ROBIN
}
