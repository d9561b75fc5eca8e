"""Pages as bytes: what templates call, their fragments and assets, and the data documents."""
