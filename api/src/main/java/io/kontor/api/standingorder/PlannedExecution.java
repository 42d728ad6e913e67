package io.kontor.api.standingorder;

import java.time.Instant;
import java.time.LocalDate;

/**
 * One execution of a standing order, to come or done.
 *
 * @param number of its due date in the schedule, from 1
 * @param dueDate by the schedule
 * @param valueDate the business day on which the due date is executed
 * @param at the instant of that day from which on it is executed
 */
public record PlannedExecution(int number, LocalDate dueDate, LocalDate valueDate, Instant at) {}
