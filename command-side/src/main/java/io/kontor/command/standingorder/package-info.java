/**
 * The standing order aggregate, and the execution of a due date: one decision over the order, the
 * paying account and what receives the money. Due dates come from the schedule and a calendar of
 * business days.
 */
@NullMarked
package io.kontor.command.standingorder;

import org.jspecify.annotations.NullMarked;
