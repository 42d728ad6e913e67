/**
 * Runs several processes on one database as one bank: roles, membership, and command routing.
 * Correctness does not depend on it.
 */
@NullMarked
package io.kontor.cluster;

import org.jspecify.annotations.NullMarked;
