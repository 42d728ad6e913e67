package io.kontor.command.account;

import io.kontor.api.money.Money;
import java.time.LocalDate;

/**
 * Up to where interest or fees of an account are booked.
 *
 * @param lastDay of the last period
 * @param total of all periods up to it
 */
record BookedPeriod(LocalDate lastDay, Money total) {}
