package io.kontor.api.integration;

/**
 * An amount of money.
 *
 * @param amount a decimal with exactly the digits that ISO 4217 gives the currency, such as {@code
 *     12.50}
 * @param currency the ISO 4217 code
 */
public record AmountV1(String amount, String currency) {}
