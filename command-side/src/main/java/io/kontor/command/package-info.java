/**
 * Spring configuration of the command side, and what the aggregates share. The aggregates are in
 * the packages below.
 */
@NullMarked
package io.kontor.command;

import org.jspecify.annotations.NullMarked;
