package io.kontor.api.endofday;

/**
 * What the end of a day did.
 *
 * @param accounts for which interest was accrued
 * @param booked accounts on which everything due was booked
 * @param owed accounts on which something due could not be booked, so that it stays owed
 */
public record EndOfDayFigures(long accounts, long booked, long owed) {
  public static final EndOfDayFigures NONE = new EndOfDayFigures(0, 0, 0);
}
