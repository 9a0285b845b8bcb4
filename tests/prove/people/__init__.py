"""Those who take part: their devices and logins, simulated tabs and real ones, and the program that notifies them."""
