"""What people have chosen about notifications, and what follows from it for each that is on its way to them."""
